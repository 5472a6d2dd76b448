locals {
  name = "${{ values.name }}-${var.environment}"
  tags = {
    component = "${{ values.component }}"
    owner     = "${{ values.owner }}"
  }
}
{%- if values.kind == 'bucket' %}

resource "aws_s3_bucket" "this" {
  bucket = local.name
  tags   = local.tags
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id
  versioning_configuration {
    status = "${{ 'Enabled' if values.versioned else 'Suspended' }}"
  }
}
{%- elif values.kind == 'queue' %}

resource "aws_sqs_queue" "this" {
  name                      = local.name
  message_retention_seconds = ${{ values.retentionDays }} * 24 * 60 * 60
  sqs_managed_sse_enabled   = true
  tags                      = local.tags
}
{%- else %}

resource "aws_db_instance" "this" {
  identifier                  = local.name
  engine                      = "postgres"
  engine_version              = "17"
  instance_class              = var.environment == "production" ? "db.m7g.large" : "db.t4g.medium"
  allocated_storage           = var.gibibytes
  storage_encrypted           = true
  username                    = "owner"
  manage_master_user_password = true
  deletion_protection         = var.environment == "production"
  tags                        = local.tags
}
{%- endif %}
