/** Golden images, and the applications that stand on them, as `images.golden` and `images.applications` name them. */
import { messageOf } from '@callboard/kernel';
import { isEntityName, isObject, parseRef, stringifyRef, type Diagnostic } from '@callboard/model';
import { readPart, type ConfigPart } from './config-values.ts';
import { formatPlatform } from './image/manifest.ts';
import type { Platform } from './image/image.ts';
import { parseReference } from './image/reference.ts';
import type { Command } from './script/command.ts';
import type { ApplicationSettings, GoldenSettings } from './settings.ts';

export interface NamedImages {
  readonly golden: readonly GoldenSettings[];
  readonly applications: readonly ApplicationSettings[];
}

export interface ImagesReading {
  readonly report: (problem: Diagnostic) => void;
  /** The text of a file, relative to the folder of the configuration; it throws when there is none. */
  readonly readText: (path: string) => string;
}

const SMOKE_TIMEOUT = 60_000;
/** Patch tags are the golden tag and up to 21 characters more, and 128 is the end. */
const MAX_TAG = 100;
const MAX_MIRROR = 1024 * 1024;

/** What has anything wrong with it is left out; so is what has the name, or the tag and a platform, of one before it. */
export function parseNamedImages(images: ConfigPart, reading: ImagesReading): NamedImages {
  const names = new Set<string>();
  const tags = new Set<string>();
  const golden = images.parts('golden').flatMap((part) => {
    const made = whole(part, reading, (own) => parseGolden(own, reading));
    return made !== null && isNew(part, made, { names, tags }) ? [made] : [];
  });
  const applications = images.parts('applications').flatMap((part) => {
    const made = whole(part, reading, parseNamed);
    return made !== null && isNew(part, made, { names, tags: new Set() }) ? [made] : [];
  });
  return { golden, applications };
}

/** Null when anything is wrong with it. */
function whole<T>(
  given: ConfigPart,
  { report }: ImagesReading,
  parse: (part: ConfigPart) => T | null,
): T | null {
  const { path, keys } = given;
  let faults = 0;
  const part = readPart(Object.fromEntries(keys.map((key) => [key, given.raw(key)])), path, (problem) => {
    faults += 1;
    const detail = `${problem.detail === undefined ? '' : `${problem.detail} `}${path} is left out until then.`;
    report({ ...problem, detail });
  });
  const made = parse(part);
  return faults === 0 ? made : null;
}

function parseGolden(part: ConfigPart, reading: ImagesReading): GoldenSettings | null {
  const named = parseNamed(part);
  if (named !== null && named.tag.length > MAX_TAG) {
    part.complain(
      'image',
      `has a tag of more than ${MAX_TAG} characters, which leaves no room for those of patches`,
    );
  }
  const golden = {
    title: part.text('title'),
    platforms: parsePlatforms(part),
    mirrors: parseMirrors(part.part('mirrors'), reading),
    smokeTests: parseSmokeTests(part),
    allowedPaths: parsePaths(part),
  };
  return named === null ? null : { ...named, ...golden };
}

function parseNamed(part: ConfigPart): ApplicationSettings | null {
  const name = part.text('name');
  if (part.raw('name') === null) part.complain('name', 'is missing', 'It is the name of the entity.');
  else if (name !== null && !isEntityName(name)) {
    part.complain(
      'name',
      'is no name of an entity',
      'Write 1 to 63 letters and digits, separated by -, _ or dots.',
    );
  }
  const at = parseImage(part);
  const owner = parseEntity(part, 'owner', 'group');
  const system = parseEntity(part, 'system', 'system');
  return name === null || at === null ? null : { name, owner, system, ...at };
}

type ImageTag = Pick<GoldenSettings, 'registry' | 'repository' | 'tag'>;

function parseImage(part: ConfigPart): ImageTag | null {
  const text = part.text('image');
  if (part.raw('image') === null) {
    part.complain('image', 'is missing', 'Write it as registry.example.com/golden/debian:12.');
  }
  if (text === null) return null;
  try {
    const { registry, repository, tag, digest } = parseReference(text);
    if (tag !== null && digest === null) return { registry, repository, tag };
    part.complain('image', 'names a digest, and has to name a tag that can move');
  } catch (error) {
    part.complain('image', `is not usable: ${messageOf(error)}`);
  }
  return null;
}

function parseEntity(part: ConfigPart, key: string, kind: string): string | null {
  const text = part.text(key);
  if (text === null) return null;
  const ref = parseRef(text, { kind });
  if (ref !== null && isEntityName(ref.name)) return stringifyRef(ref);
  part.complain(key, `is no reference of an entity`, `Write it as ${kind}:default/platform.`);
  return null;
}

const DEFAULT_PLATFORM: Platform = { os: 'linux', architecture: 'amd64', variant: null };

function parsePlatforms(part: ConfigPart): readonly Platform[] {
  const texts = part.texts('platforms');
  if (texts === null) return [DEFAULT_PLATFORM];
  const platforms = new Map<string, Platform>();
  for (const text of texts) {
    const [, os, architecture, variant = null] =
      /^([a-z0-9]+)\/([a-z0-9_]+)(?:\/([a-z0-9.]+))?$/.exec(text) ?? [];
    if (os !== undefined && architecture !== undefined) platforms.set(text, { os, architecture, variant });
    else part.complain('platforms', 'has one that is not written as linux/amd64');
  }
  if (platforms.size === 0) part.complain('platforms', 'names none');
  return [...platforms.values()];
}

/** Package managers pass over files of other names without a word. */
const MIRROR_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

function parseMirrors(part: ConfigPart, { readText }: ImagesReading): Readonly<Record<string, string>> {
  const mirrors = part.keys.flatMap((name): readonly (readonly [string, string])[] => {
    if (!MIRROR_NAME.test(name)) part.complain(name, 'is no name of a file, such as debian.list');
    const value = part.raw(name);
    const text = isObject(value) ? readMirror(part, name, readText) : part.text(name);
    if (text === null) return [];
    if (text.length > MAX_MIRROR) part.complain(name, `has more than ${MAX_MIRROR} characters`);
    return [[name, text.endsWith('\n') ? text : `${text}\n`]];
  });
  return Object.fromEntries(mirrors);
}

function readMirror(part: ConfigPart, name: string, readText: ImagesReading['readText']): string | null {
  const file = part.part(name).text('file');
  if (file === null) {
    part.complain(name, 'has to be a text, or to name a file', 'Write { file: ./debian.list }.');
    return null;
  }
  try {
    return readText(file);
  } catch (error) {
    part.complain(`${name}.file`, `cannot be read: ${messageOf(error)}`);
    return null;
  }
}

function parseSmokeTests(part: ConfigPart): readonly Command[] {
  const list = part.raw('smokeTests') ?? [];
  const tests = Array.isArray(list) ? list.map(toArgv) : [null];
  return tests.flatMap((argv): readonly Command[] => {
    if (argv !== null) {
      return [{ purpose: argv.join(' '), argv, env: {}, accepts: [0], timeout: SMOKE_TIMEOUT, input: null }];
    }
    part.complain(
      'smokeTests',
      'has to be a list of commands',
      'Write each as a list of texts, such as [openssl, version].',
    );
    return [];
  });
}

/** A program and its arguments, as they are: blanks of an argument belong to it. */
function toArgv(value: unknown): readonly string[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const argv = value.map((item: unknown) => (typeof item === 'number' ? String(item) : item));
  const texts = argv.filter((item): item is string => typeof item === 'string' && !item.includes('\0'));
  return texts.length === argv.length && texts[0] !== '' ? texts : null;
}

/** Of whole paths, also where nobody wrote so. */
function parsePaths(part: ConfigPart): readonly RegExp[] {
  return (part.texts('allowedPaths') ?? []).flatMap((text) => {
    try {
      return [new RegExp(`^(?:${text})$`)];
    } catch (error) {
      part.complain('allowedPaths', `has one that is no regular expression: ${messageOf(error)}`);
      return [];
    }
  });
}

interface Taken {
  /** Of entities, in lower case. */
  readonly names: Set<string>;
  /** With the platform. */
  readonly tags: Set<string>;
}

/** Two patches of one tag and platform would move it against each other. */
function isNew(
  part: ConfigPart,
  made: ApplicationSettings | GoldenSettings,
  { names, tags }: Taken,
): boolean {
  const { name, registry, repository, tag } = made;
  const platforms = 'platforms' in made ? made.platforms : [];
  const own = platforms.map((platform) => `${registry}/${repository}:${tag} ${formatPlatform(platform)}`);
  const detail = `${part.path} is left out until then.`;
  if (names.has(name.toLowerCase())) {
    part.complain('name', `is the name of another image: ${name}`, detail);
    return false;
  }
  if (own.some((one) => tags.has(one))) {
    part.complain('image', 'is that of another golden image, for the same platform', detail);
    return false;
  }
  names.add(name.toLowerCase());
  for (const one of own) tags.add(one);
  return true;
}
