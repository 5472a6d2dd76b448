mock_provider "aws" {}

run "name" {
  command = plan
  variables {
    environment = "${{ values.environments | first }}"
  }
  assert {
    condition     = output.name == "${{ values.name }}-${{ values.environments | first }}"
    error_message = "The name has the environment at its end."
  }
}

run "no_other_environment" {
  command = plan
  variables {
    environment = "elsewhere"
  }
  expect_failures = [var.environment]
}
