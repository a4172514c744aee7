"""Charts of random make with exactly known truth: a sampler of chart descriptions, and renderers that draw them."""
