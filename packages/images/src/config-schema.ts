/** JSON Schema of `images` in the configuration. `visibility: secret` marks what must never be shown. */
import type { JsonObject } from '@callboard/model';

const text = (description: string) => ({ type: 'string', description }) as const;
const secret = (description: string) => ({ type: 'string', description, visibility: 'secret' }) as const;
const flag = (description: string) => ({ type: 'boolean', description }) as const;
const number = (description: string) => ({ type: 'number', description }) as const;
const texts = (description: string) => ({ type: 'array', items: { type: 'string' }, description }) as const;
const oneOf = (values: readonly string[], description: string) =>
  ({ type: 'string', enum: values, description }) as const;
const bytes = (description: string) =>
  ({ anyOf: [{ type: 'number' }, { type: 'string' }], description }) as const;
const duration = (description: string) =>
  ({ anyOf: [{ type: 'string' }, { type: 'object' }], description }) as const;
const object = (properties: JsonObject, description: string): JsonObject => ({
  type: 'object',
  additionalProperties: false,
  properties,
  description,
});
const list = (properties: JsonObject, description: string): JsonObject => ({
  type: 'array',
  items: object(properties, 'One of them.'),
  description,
});

const named: JsonObject = {
  name: text('Unique; the name of its entity.'),
  image: text('Where it is, as registry.example.com/golden/debian:12.'),
  owner: text('Entity reference of who answers for it. Default: nobody is named.'),
  system: text('Entity reference of the system that it is part of.'),
};

const golden: JsonObject = {
  ...named,
  title: text('What it is called in the portal.'),
  platforms: texts('As linux/arm64. Default: linux/amd64.'),
  mirrors: {
    type: 'object',
    description: "Package sources in place of the image's own, by the name of their file. Default: its own.",
    additionalProperties: {
      anyOf: [
        { type: 'string' },
        { type: 'object', additionalProperties: false, properties: { file: text('A path.') } },
      ],
    },
  },
  smokeTests: {
    type: 'array',
    description: 'Commands that have to work in the patched image, each as a list of texts.',
    items: { type: 'array', items: { type: 'string' } },
  },
  allowedPaths: texts(
    'Regular expressions of whole paths that a patch may change though no package has them.',
  ),
};

const registry: JsonObject = {
  host: text('Host, or host:port.'),
  username: text('Who logs in. Default: what the configuration of Docker says, else nobody.'),
  password: secret('A password or an access token.'),
  insecure: flag('Speaks http, and not https. Default: false.'),
};

const policy: JsonObject = {
  severities: texts('Urgent by themselves. Default: critical and high.'),
  minimumEpss: number('Urgent from this probability of exploitation on, 0 to 1. Default: none is.'),
  knownExploited: flag('What is known to be exploited is urgent. Default: true.'),
  fixAvailable: flag('Only with a fixed version. Default: true.'),
  repositories: texts('Globs over repository or registry/repository. Default: all.'),
  minimumAgeDays: number('Days since the fix was released. Default: 0.'),
  ecosystems: texts('Default: deb, rpm and apk.'),
};

const gate: JsonObject = {
  maxPackages: number('A plan with more is refused. Default: 200.'),
  capabilities: texts('Of release-lock, replace-package, remove-package. Default: release-lock.'),
  approval: oneOf(['exceptions', 'always'], 'Which plans a person has to agree to. Default: exceptions.'),
  held: oneOf(['leave', 'change'], 'What is done about packages that are held back. Default: leave.'),
};

const proof: JsonObject = {
  budget: object(
    {
      bytes: bytes('What an image may grow by, compressed. Default: 512 MiB.'),
      ratio: number('What it may grow by in parts of what it was. Default: 1.'),
    },
    'How much larger a patched image may be; the smaller of both.',
  ),
  worstNew: text('The worst severity of a finding that a patch may bring. Default: high.'),
};

const model = object(
  {
    provider: oneOf(['anthropic', 'bedrock', 'openai-compatible', 'recorded'], 'What is asked.'),
    model: text('As its provider calls it.'),
    name: text('How an OpenAI-compatible server is called in records, as ollama.'),
    url: text("Default: the provider's own; needed for openai-compatible."),
    region: text('Of AWS, for bedrock.'),
    apiKey: secret('For anthropic and openai-compatible, or for bedrock in place of the keys of an account.'),
    accessKeyId: secret('Of AWS, for bedrock.'),
    secretAccessKey: secret('Of AWS, for bedrock.'),
    sessionToken: secret('Of AWS, for bedrock, with temporary keys.'),
    folder: text('Of recordings, for recorded.'),
  },
  'Who is asked for what the rules leave over. Default: nobody.',
);

const planner: JsonObject = {
  afterEndOfLife: oneOf(
    ['defer', 'patch'],
    'A distribution that gets no more fixes: wait, or take what the mirror still has. Default: defer.',
  ),
  asks: oneOf(
    ['residue', 'always'],
    'A model is asked for what is left over, or for a second opinion on each plan too. Default: residue.',
  ),
  model,
};

const images = object(
  {
    registries: list(registry, 'How registries are entered. Default: as the configuration of Docker says.'),
    golden: list(golden, 'The images that are patched.'),
    applications: list(named, 'Images that are built on golden ones, for the catalog.'),
    policy: object(policy, 'Which findings act.'),
    gate: object(gate, 'What may be planned, and what takes a person.'),
    proof: object(proof, 'What a patched image has to show.'),
    planner: object(planner, 'What makes plans.'),
    scanner: object(
      {
        kind: oneOf(['trivy', 'grype'], 'Default: trivy.'),
        program: text('A path, or a name in PATH. Default: that of its kind.'),
        cacheDir: text('Where its database is. Default: its own place.'),
      },
      'What finds vulnerabilities.',
    ),
    engine: oneOf(['node', 'buildah', 'docker'], 'What builds. Default: the first that can be used.'),
    limits: object(
      {
        unpackedBytes: bytes('Of all unpacked layers of a base. Default: 8 GiB.'),
        layerBytes: bytes('Of the new layer, uncompressed. Default: 2 GiB.'),
        entries: number('Of all layers of a base. Default: 1000000.'),
      },
      'What is refused when it is larger.',
    ),
    promote: oneOf(
      ['automatic', 'manual'],
      'Whether a proved image becomes golden by itself. Default: automatic.',
    ),
    reports: object({ folder: text('Watched for reports of scanners.') }, 'Default: no folder is watched.'),
    debounce: duration('How long a base is quiet before it is planned. Default: 30 s.'),
    maxWait: duration('How long a base waits for more findings at most. Default: 5 min.'),
    scanEvery: {
      anyOf: [{ type: 'boolean', const: false }, { type: 'string' }, { type: 'object' }],
      description: 'Between two scans of all golden images by ourselves; at least a minute. Default: never.',
    },
    concurrency: number('Patches at the same time. Default: 1.'),
    signing: object(
      { privateKey: secret('PEM of an ECDSA P-256 or Ed25519 key. Default: one is made and kept.') },
      'What statements about patched images are signed with.',
    ),
    author: text('Who speaks in VEX documents and provenance. Default: callboard.'),
  },
  'Golden images that patch themselves. Without it this is off.',
);

/** For the configuration to be checked against. */
export const imagesConfigSchema: { readonly id: 'images'; readonly schema: JsonObject } = {
  id: 'images',
  schema: { type: 'object', properties: { images } },
};
