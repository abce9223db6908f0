# Home Assistant puts its own engine in the place of voluptuous; type checkers have to be told.
from probatio import *
