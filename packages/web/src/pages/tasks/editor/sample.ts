/** A small template to start from: a form, a skeleton, and steps that every portal has. */
import type { Project } from './project.ts';

const TEMPLATE = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: new-service
  title: New service
  description: A service with a README and an entry in the catalog.
  tags:
    - sample
spec:
  owner: group:default/platform
  type: service
  parameters:
    - title: What it is
      required:
        - name
      properties:
        name:
          title: Name
          type: string
          description: Lower-case letters and dashes.
          pattern: '^[a-z][a-z0-9-]*$'
          ui:autofocus: true
        description:
          title: Description
          type: string
          ui:widget: textarea
        port:
          title: Port
          type: integer
          default: 8080
  steps:
    - id: fetch
      name: Fill in the skeleton
      action: fetch:template
      input:
        url: ./skeleton
        values:
          name: \${{ parameters.name }}
          description: \${{ parameters.description }}
          port: \${{ parameters.port }}
    - id: entity
      name: Write the entry for the catalog
      action: catalog:write
      input:
        entity:
          apiVersion: backstage.io/v1alpha1
          kind: Component
          metadata:
            name: \${{ parameters.name }}
            description: \${{ parameters.description }}
          spec:
            type: service
            lifecycle: experimental
            owner: group:default/platform
    - id: look
      name: Show what was made
      action: debug:log
      input:
        listWorkspace: true
  output:
    text:
      - title: What to do next
        content: |
          \${{ parameters.name }} would be ready. Add a step that publishes it.
`;

const README = `# \${{ values.name }}

\${{ values.description }}

Listens on port \${{ values.port }}.
`;

export const SAMPLE: Project = {
  name: 'New service',
  templatePath: 'template.yaml',
  files: [
    { path: 'template.yaml', text: TEMPLATE, base64: null, handle: null, isChanged: false },
    { path: 'skeleton/README.md', text: README, base64: null, handle: null, isChanged: false },
  ],
  leftOut: 0,
};
