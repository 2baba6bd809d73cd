"""演示: a province that does not exist, on which the whole main job is done, step by step, and can be cut anywhere."""
