"""The pages of the window, one file or folder each; made when they are shown first."""
