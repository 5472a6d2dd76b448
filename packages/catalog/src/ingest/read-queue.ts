/**
 * Locations that wait to be read. Files are read one after the other, in the order in which they were asked for, so
 * that of two that define one entity the one that is configured first has it. Others wait for the network, and are
 * read side by side.
 */

export interface ReadQueueOptions {
  /** Reads a location; must not reject. */
  readonly read: (ref: string, options: { readonly force: boolean }) => Promise<void>;
  /** True when the location points to files of this machine. */
  readonly isFile: (ref: string) => boolean;
  /** How many others are read at the same time. */
  readonly concurrency: number;
}

interface Lane {
  readonly width: number;
  /** In order; true when what is known of the location is to be ignored. */
  readonly waiting: Map<string, boolean>;
  readonly active: Map<string, Promise<void>>;
}

export class ReadQueue {
  readonly #options: ReadQueueOptions;
  readonly #files: Lane = { width: 1, waiting: new Map(), active: new Map() };
  readonly #others: Lane;
  #closed = false;

  constructor(options: ReadQueueOptions) {
    this.#options = options;
    this.#others = { width: options.concurrency, waiting: new Map(), active: new Map() };
  }

  /** A location that is being read is read once more afterwards. */
  add(ref: string, { force }: { readonly force: boolean }): void {
    if (this.#closed) return;
    const lane = this.#options.isFile(ref) ? this.#files : this.#others;
    lane.waiting.set(ref, force || lane.waiting.get(ref) === true);
    this.#pump(lane);
  }

  /** A location that is gone need not be read. */
  drop(ref: string): void {
    for (const { waiting } of this.#lanes()) waiting.delete(ref);
  }

  has(ref: string): boolean {
    return this.#lanes().some(({ waiting, active }) => waiting.has(ref) || active.has(ref));
  }

  /** How many wait or are being read. */
  get size(): number {
    return this.#lanes().reduce((sum, { waiting, active }) => sum + waiting.size + active.size, 0);
  }

  /** The readings that are under way. */
  running(): Promise<void>[] {
    return this.#lanes().flatMap(({ active }) => [...active.values()]);
  }

  /** Starts no more; those under way go on. */
  close(): void {
    this.#closed = true;
    for (const { waiting } of this.#lanes()) waiting.clear();
  }

  #lanes(): readonly Lane[] {
    return [this.#files, this.#others];
  }

  #pump(lane: Lane): void {
    for (const [ref, force] of lane.waiting) {
      if (this.#closed || lane.active.size >= lane.width) return;
      if (lane.active.has(ref)) continue;
      lane.waiting.delete(ref);
      lane.active.set(ref, this.#run(lane, { ref, force }));
    }
  }

  async #run(lane: Lane, { ref, force }: { ref: string; force: boolean }): Promise<void> {
    try {
      await this.#options.read(ref, { force });
    } finally {
      lane.active.delete(ref);
      this.#pump(lane);
    }
  }
}
