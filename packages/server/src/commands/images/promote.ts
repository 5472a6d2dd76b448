/** `callboard images promote`: moves a golden tag to the image that the record proves. */
import {
  createVerifier,
  openVerdict,
  type Promotion,
  type Proof,
  type ProofOutcome,
  type Repository,
  type Verdict,
} from '@callboard/images';
import { CodedError } from '@callboard/kernel';
import { readArgs, type Command, type CommandContext } from '../context.ts';
import { readMirrors, readSigning, type Signing } from './inputs.ts';
import {
  COMMON_HELP,
  COMMON_OPTIONS,
  ENGINE_HELP,
  ENGINE_OPTIONS,
  KEY_HELP,
  KEY_OPTIONS,
  LOGIN_HELP,
  readTagged,
  SCAN_HELP,
  SCAN_OPTIONS,
} from './options.ts';
import { expectPlan } from './prove.ts';
import type { KeptVerdict } from './record-files.ts';
import { mismatch } from './record.ts';
import { promoteStep, proveStep, scanStep } from './steps.ts';
import { promotionText, verdictText } from './verdict-text.ts';
import { readImageOf, working, type Work } from './work.ts';

export const imagesPromoteCommand: Command = {
  usage: 'IMAGE:TAG [--key FILE] [--mirror FILE …] [--record FOLDER] [--json]',
  help: `Moves the tag to the patched image of the record. With the key that sealed its verdict nothing but the
registry is needed; else the image is proved again, which needs a scanner, and Linux with root. What was there
keeps a tag, and the record a promotion.json for callboard images rollback.

${KEY_HELP}
${SCAN_HELP}
${ENGINE_HELP}
${COMMON_HELP}
  --json               { image, verdict, promotion }; promotion is null when it was not proved

${LOGIN_HELP}
Exit code: 0 the tag is moved, 1 it is not, 2 wrong use, 130 stopped.

  callboard images promote registry.example.com/golden/debian:12 --key patch-key.pem`,

  run: async (args, context) => {
    const { values, positionals } = readArgs(args, {
      options: { ...COMMON_OPTIONS, ...SCAN_OPTIONS, ...ENGINE_OPTIONS, ...KEY_OPTIONS },
      takes: 'any',
    });
    const { registry, repository, tag } = readTagged(positionals);
    const signing = await readSigning(values, context.here);
    const mirrors = await readMirrors(values.mirror, context.here);
    return await working(context, values, async (work) => {
      const kept = await work.record.verdict();
      const { image } = kept;
      if (image.registry !== registry || image.repository !== repository) {
        throw mismatch(`The verdict of the record is of ${image.registry}/${image.repository}.`);
      }
      await expectTag(work, { registry, repository, tag });
      const opened = await openSeal(work, { kept, signing });
      const { verdict, proof } = opened ?? (await proveAgain(work, { kept, signing, mirrors }));
      const promotion = proof === null ? null : await promoteStep(work, { proof, tag });
      await tell({ verdict, promotion }, { context, json: values.json === true });
      return promotion === null ? 1 : 0;
    });
  },
};

/** Said before an image is proved in vain. */
async function expectTag(
  { tools, signal }: Work,
  { registry, repository, tag }: Repository & { readonly tag: string },
): Promise<void> {
  const at = { registry, repository, reference: tag };
  if ((await tools.client.manifest(at, { signal })) !== null) return;
  throw new CodedError(404, 'images/golden-tag-missing', `There is no ${registry}/${repository}:${tag}.`);
}

interface Kept {
  readonly kept: KeptVerdict;
  readonly signing: Signing | null;
}

/** Null when there is no seal, or no key to look at it with. A bad seal is an error, and nothing is proved again. */
async function openSeal(
  { record, stages }: Work,
  { kept, signing }: Kept,
): Promise<{ readonly verdict: Verdict; readonly proof: Proof } | null> {
  if (signing === null) return null;
  const seal = await record.seal();
  if (seal === null) return null;
  return stages.run(
    'seal',
    async () => {
      const proof = openVerdict(seal, kept.image, createVerifier(signing.signer.publicKey));
      return { verdict: proof.verdict, proof };
    },
    () => 'the verdict is signed with the key',
  );
}

async function proveAgain(
  work: Work,
  { kept, signing, mirrors }: Kept & { readonly mirrors: Readonly<Record<string, string>> },
): Promise<ProofOutcome> {
  const plan = await work.record.plan();
  const { platform } = plan.facts;
  const read = async ({ registry, repository, digest }: KeptVerdict['image']) =>
    readImageOf(work, { registry, repository, digest, tag: null }, platform);
  const [base, patched] = [await read(kept.base), await read(kept.image)];
  expectPlan(plan, { base, patched });
  const { result: scanBefore } = await scanStep(work, base);
  const request = { base, patched, platform, plan, mirrors, scanBefore, signing };
  return proveStep(work, { ...request, keep: 'proofs' });
}

async function tell(
  { verdict, promotion }: { readonly verdict: Verdict; readonly promotion: Promotion | null },
  { context: { out }, json }: { readonly context: CommandContext; readonly json: boolean },
): Promise<void> {
  const { registry, repository, digest } = verdict.image;
  if (json) {
    const told = { image: `${registry}/${repository}@${digest}`, verdict, promotion };
    await out.write(`${JSON.stringify(told, null, 2)}\n`);
    return;
  }
  await out.write(promotion === null ? verdictText(verdict, out) : promotionText(promotion));
}
