"""Draws every Django form with our templates.

Settings: ``FORM_RENDERER = "manglar.design.renderer.ManglarRenderer"`` and ``django.forms`` installed.
"""

from django.forms.renderers import TemplatesSetting


class ManglarRenderer(TemplatesSetting):
    """Forms with an error summary; fields with label, hint and error tied to the control."""

    form_template_name = "design/forms/form.html"
    field_template_name = "design/forms/field.html"
