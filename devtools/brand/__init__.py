"""The drawings of the integration's brand images, and what renders them."""
