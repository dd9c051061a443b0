"""The window: pages, parts and the jobs that carry their questions to the services. The only package that knows Qt."""

from aidtrack.ui.overrides import guard

guard()
