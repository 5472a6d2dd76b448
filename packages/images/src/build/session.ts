/** What the sessions of all engines share: one thing after the other, a log, an end, and the commit. */
import type { RegistryClient } from '../image/registry-client.ts';
import type { Command, CommandOutput } from '../script/command.ts';
import { commitImage, type Stages } from './commit.ts';
import type { BuildSession, CommitTarget, SessionOptions } from './engine.ts';
import { buildError, stopIfAborted } from './errors.ts';
import type { Base } from './fetch-base.ts';
import { checkArgv } from './node-root.ts';
import { runProgram } from './program.ts';

/** What an engine does its own way. */
export interface SessionParts {
  /** May be another one after `killAll`. */
  root(): string;
  /** The program of this machine that runs the command inside. */
  argvOf(command: Command): readonly string[];
  /** Ends a command and all that it started. */
  killAll(): Promise<void>;
  /** Ends what a command left running, where that does not end with it. */
  afterRun?(): Promise<void>;
  /** The tar of the layer; called while no command runs. */
  layer(target: CommitTarget): Promise<AsyncIterable<Buffer>>;
  /** Ends whatever runs, for good. */
  end(): Promise<void>;
  /** Takes away all that was made on this machine; nothing runs any more. */
  dispose(): Promise<void>;
}

export interface SessionDeps {
  readonly client: RegistryClient;
  readonly base: Base;
  readonly options: SessionOptions;
  readonly stages: Stages;
  /** Where the new layer is written. */
  readonly folder: string;
}

export function createSession(parts: SessionParts, deps: SessionDeps): BuildSession {
  const { options, stages } = deps;
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  function next<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(() => {
      if (closed) {
        throw buildError('images/build-closed', 'The build session is over.');
      }
      stopIfAborted(options.signal);
      return work();
    });
    last = turn.catch(() => {});
    return turn;
  }

  async function run(command: Command): Promise<CommandOutput> {
    checkArgv(command);
    options.log(`$ ${command.argv.join(' ').slice(0, 2000)}`);
    const output = await runProgram({
      argv: parts.argvOf(command),
      input: command.input ?? '',
      timeout: command.timeout,
      signal: options.signal,
      kill: () => parts.killAll(),
      onLine: options.log,
    });
    await parts.afterRun?.();
    options.log(`exit code ${output.exitCode ?? 'none'} after ${output.took} ms`);
    return output;
  }

  async function commit(target: CommitTarget) {
    const layer = await stages.time('diff', () => parts.layer(target));
    return await commitImage({ ...deps, target, layer, signal: options.signal });
  }

  return {
    get root() {
      return parts.root();
    },
    run: (command) => next(() => stages.time('run', () => run(command))),
    commit: (target) => next(() => commit(target)),
    async [Symbol.asyncDispose]() {
      if (closed) {
        return;
      }
      closed = true;
      try {
        await parts.end();
        await last;
      } finally {
        await parts.dispose();
      }
    },
  };
}
