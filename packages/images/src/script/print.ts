/**
 * The script for people and for the record: a POSIX shell script that does what `runSteps` does, with the same words.
 * It is written from the argument vectors and is never run by us.
 */
import type { Command } from './command.ts';
import type { CompiledScript } from './compile.ts';
import { scriptError } from './errors.ts';
import type { Step } from './steps.ts';

/** Words that mean nothing else to a shell. */
const PLAIN = /^[A-Za-z0-9_/.,:%@+-]+$/;

const HEAD = `#!/bin/sh
# What was run in the image, written down from the argument vectors: see each line's purpose above it.
set -eu

# Lines that were kept, each with its line feed.
lines() {
  [ -z "$1" ] || printf '%s\\n' "$1"
}
# Fails when a line of the second argument matches the expression.
refuse() {
  if lines "$2" | grep -Eq -e "$1"; then
    lines "$2" >&2
    exit 1
  fi
}
`;

/** Ends with a line feed. Throws `images/script-unprintable` for what no script can hold. */
export function printScript(script: Pick<CompiledScript, 'apply' | 'clean'>): string {
  const clean = script.clean.map((command): Step => ({ kind: 'run', command }));
  return [HEAD, ...[...script.apply, ...clean].map((step) => `${printStep(step)}\n`)].join('\n');
}

/** One word of a shell, whatever is in it. */
export function quote(word: string): string {
  if (word.includes('\0')) {
    throw scriptError('images/script-unprintable', 'An argument has a NUL, which no shell script can hold.');
  }
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function printStep(step: Step): string {
  const { command } = step;
  const comment = `# ${command.purpose.replaceAll(/\s+/g, ' ')}; at most ${Math.ceil(command.timeout / 1000)} s`;
  return `${comment}\n${printKind(step)}`;
}

function printKind(step: Step): string {
  switch (step.kind) {
    case 'run':
      return withInput(step.command);
    case 'save':
      return `${variable(step.state)}=$(${withInput(step.command)})`;
    case 'check':
      return `found=$(${withInput(step.command)})\nrefuse ${quote(step.refuses)} "$found"`;
    case 'restore':
      return `lines "$${variable(step.state)}"${renamed(step.renames)} | ${accepting(step.command)}`;
    default:
      return step satisfies never;
  }
}

function withInput(command: Command): string {
  if (command.input === null) return `${accepting(command)} </dev/null`;
  return `printf '%s' ${quote(command.input)} | ${accepting(command)}`;
}

/** Braces, so that other good exit codes than 0 do not end the script and redirections are of the command. */
function accepting(command: Command): string {
  const words = [...variables(command.env), ...command.argv.map((word) => quote(word))].join(' ');
  const others = command.accepts.filter((code) => code !== 0);
  if (others.length === 0) return words;
  return `{ ${words} || case $? in ${others.join(' | ')}) ;; *) exit 1 ;; esac; }`;
}

function variables(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env).map(([name, value]) => {
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `${name}=${quote(value)}`;
    throw scriptError('images/script-unprintable', `${JSON.stringify(name)} is no name of a variable.`);
  });
}

function variable(state: string): string {
  return `saved_${state.replaceAll('-', '_')}`;
}

/** A name, and what may follow it on its line. */
function renamed(renames: Readonly<Record<string, string | null>>): string {
  const edits = Object.entries(renames).map(([name, other]) => {
    const line = `^${name.replaceAll(/[.+]/g, String.raw`\$&`)}([^A-Za-z0-9._+-].*)?$`;
    return other === null ? `/${line}/d` : `s/${line}/${other}/`;
  });
  return edits.length === 0 ? '' : ` | sed -E ${edits.map((edit) => `-e ${quote(edit)}`).join(' ')}`;
}
