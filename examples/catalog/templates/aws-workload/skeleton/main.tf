provider "aws" {
  region              = "${{ values.region }}"
  allowed_account_ids = ["${{ values.account }}"]
  assume_role {
    role_arn = "arn:aws:iam::${{ values.account }}:role/${{ values.role }}"
  }
  default_tags {
    tags = {
      service     = "${{ values.service }}"
      owner       = "${{ values.owner }}"
      environment = "${{ values.environment }}"
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/workload/${{ values.service }}"
  retention_in_days = ${{ 365 if values.environment == 'production' else 30 }}
}
