/** A session that answers commands from a table and keeps what it was asked, in place of an engine. */
import type { BuildSession } from '../build/engine.ts';
import type { Command, CommandOutput } from '../script/command.ts';

export interface ScriptedSession extends BuildSession {
  readonly asked: Command[];
}

/** The answer to the first key that the command line, joined by spaces, contains; else success without a word. */
export function scriptedSession(
  answers: Readonly<Record<string, Partial<CommandOutput>>>,
  root = '/nowhere',
): ScriptedSession {
  const asked: Command[] = [];
  return {
    root,
    asked,
    run(command) {
      asked.push(command);
      const line = command.argv.join(' ');
      const key = Object.keys(answers).find((part) => line.includes(part));
      const answer = key === undefined ? {} : answers[key];
      return Promise.resolve({ exitCode: 0, stdout: '', stderr: '', took: 1, ...answer });
    },
    commit: () => Promise.reject(new Error('A proof commits nothing.')),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
