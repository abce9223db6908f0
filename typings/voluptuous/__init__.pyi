# Home Assistant puts its own engine in the place of voluptuous; type checkers need this.
from probatio import *
