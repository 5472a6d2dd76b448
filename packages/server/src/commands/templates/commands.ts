/** The commands on software templates, over the function that puts the engine together. */
import type { Command } from '../context.ts';
import { createLintCommand } from './lint-templates.ts';
import type { OpenTemplating } from './room.ts';
import { createRunCommand } from './run-template.ts';
import { createTestCommand } from './test-templates.ts';
import { createUpgradeCommand } from './upgrade-template.ts';

export interface TemplatesCommands {
  readonly lint: Command;
  readonly test: Command;
  readonly run: Command;
  readonly upgrade: Command;
}

export function createTemplatesCommands(openTemplating: OpenTemplating): TemplatesCommands {
  return {
    lint: createLintCommand(openTemplating),
    test: createTestCommand(openTemplating),
    run: createRunCommand(openTemplating),
    upgrade: createUpgradeCommand(openTemplating),
  };
}
