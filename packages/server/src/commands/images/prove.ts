/** `callboard images prove`: the verdict on an image that was built before, of the plan in the record. */
import { hashPlan, PATCH_LABELS, type Image, type PatchPlan } from '@callboard/images';
import { isObject } from '@callboard/model';
import { readArgs, UsageError, type Command } from '../context.ts';
import { readMirrors, readSigning } from './inputs.ts';
import {
  COMMON_HELP,
  COMMON_OPTIONS,
  ENGINE_HELP,
  ENGINE_OPTIONS,
  KEY_HELP,
  KEY_OPTIONS,
  LOGIN_HELP,
  SCAN_HELP,
  SCAN_OPTIONS,
  toReference,
} from './options.ts';
import { mismatch } from './record.ts';
import { proveStep, scanStep } from './steps.ts';
import { verdictText } from './verdict-text.ts';
import { readImageOf, working } from './work.ts';

export const imagesProveCommand: Command = {
  usage: 'BASE PATCHED [--key FILE] [--mirror FILE …] [--record FOLDER] [--json]',
  help: `Proves an image that was built of the plan.json of the record: BASE is what was patched, PATCHED what came of
it, by tag or digest. Scans both with the same scanner and database and looks at packages, files, configuration,
users and privileges. The verdict is kept as verdict.json. Needs a scanner, and Linux with root.

${KEY_HELP}
${SCAN_HELP}
${ENGINE_HELP}
${COMMON_HELP}
  --json               the verdict: { proved, image, base, planHash, checks, findings, scanner, … }

The plan says what may change, and its record is believed: between jobs that do not trust each other, prove in the
job that planned, and hand the seal of --key around.
${LOGIN_HELP}
Exit code: 0 proved, 1 not proved, 2 wrong use, 130 stopped.

  callboard images prove registry.example.com/golden/debian:12 registry.example.com/golden/debian@sha256:…`,

  run: async (args, context) => {
    const { values, positionals } = readArgs(args, {
      options: { ...COMMON_OPTIONS, ...SCAN_OPTIONS, ...ENGINE_OPTIONS, ...KEY_OPTIONS },
      takes: 'any',
    });
    const [base, patched, ...others] = positionals;
    if (base === undefined || patched === undefined || others.length > 0) {
      throw new UsageError('It takes the base and the patched image');
    }
    const references = { base: toReference(base), patched: toReference(patched) };
    const mirrors = await readMirrors(values.mirror, context.here);
    const signing = await readSigning(values, context.here);
    return await working(context, values, async (work) => {
      const plan = await work.record.plan();
      const { platform } = plan.facts;
      await work.tools.engine();
      const image = await readImageOf(work, references.base, platform);
      const result = await readImageOf(work, references.patched, platform);
      expectPlan(plan, { base: image, patched: result });
      const { result: scanBefore } = await scanStep(work, image);
      const { verdict, proof } = await proveStep(work, {
        base: image,
        patched: result,
        platform,
        plan,
        mirrors,
        scanBefore,
        signing,
        keep: 'verdicts',
      });
      const { out } = context;
      await out.write(
        values.json === true ? `${JSON.stringify(verdict, null, 2)}\n` : verdictText(verdict, out),
      );
      return proof === null ? 1 : 0;
    });
  },
};

/**
 * A plan is of one base, and an image that we built says of which plan it was built.
 * @throws CodedError `images/record-mismatch`
 */
export function expectPlan(
  plan: PatchPlan,
  { base, patched }: { readonly base: Image; readonly patched: Image },
): void {
  if (plan.facts.baseDigest !== base.digest) {
    throw mismatch(`The plan of the record is of ${plan.facts.baseDigest}, not of ${base.digest}.`);
  }
  const [said, hash] = [planLabel(patched), hashPlan(plan)];
  // The base may have a label of an earlier patch, which other builders than ours hand on.
  if (said === null || said === hash || said === planLabel(base)) return;
  throw mismatch(`${patched.digest} was built of plan ${said}, and the record has plan ${hash}.`);
}

/** Null when the image does not say. */
function planLabel({ config }: Image): string | null {
  const labels = config.run['Labels'];
  const label = isObject(labels) ? labels[PATCH_LABELS[1]] : null;
  return typeof label === 'string' ? label : null;
}
