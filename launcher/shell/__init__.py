"""The screens: the only folder that imports Qt."""
