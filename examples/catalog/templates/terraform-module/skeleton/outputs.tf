output "name" {
  description = "What it is called there."
  value       = local.name
}
