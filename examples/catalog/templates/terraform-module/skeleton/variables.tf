variable "environment" {
  description = "Where it is."
  type        = string
  validation {
    condition     = contains(${{ values.environments | dump }}, var.environment)
    error_message = "It was agreed to for ${{ values.environments | join(' and ') }}."
  }
}
{%- if values.kind == 'database' %}

variable "gibibytes" {
  description = "Size of its disk."
  type        = number
  default     = ${{ values.gibibytes }}
}
{%- endif %}
