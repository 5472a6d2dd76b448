/** `callboard images patch`: patches one image, proves the result and, when asked to, moves its tag. */
import type { PlanOutcome, Promotion, ReadyPlan, Verdict } from '@callboard/images';
import { readArgs, UsageError, type Command } from '../context.ts';
import type { Output } from '../output.ts';
import { readSigning } from './inputs.ts';
import { KEY_HELP, KEY_OPTIONS, LOGIN_HELP } from './options.ts';
import type { PlanStep } from './plan-step.ts';
import { leftOverText, planText } from './plan-text.ts';
import {
  isWell,
  outcomeFields,
  planImage,
  PLANNING_HELP,
  PLANNING_OPTIONS,
  readPlanning,
} from './planning.ts';
import { buildStep, promoteStep, proveStep } from './steps.ts';
import { promotionText, verdictText } from './verdict-text.ts';
import { working } from './work.ts';

export const imagesPatchCommand: Command = {
  usage: 'IMAGE [--promote] [--key FILE] [--mirror FILE …] [--report FILE …] [--record FOLDER] [--json]',
  help: `Scans an image, plans which packages have to be upgraded, builds one layer with them, pushes it by
digest and proves it: scanned again by the same scanner with the same database, only planned packages changed,
their files as the packages have them, the configuration unchanged. Needs a scanner, and Linux with root.

  --promote            move the tag of IMAGE to what is proved; the old one keeps a tag
${KEY_HELP}
${PLANNING_HELP}
  --json               { image, kind, patched, verdict, planHash, plan, reasons, leftOver, approval, promotion }

${LOGIN_HELP}
Exit code: 0 proved, or nothing to do; 1 not patched, or not proved; 2 wrong use; 130 stopped.

  callboard images patch registry.example.com/golden/debian:12 --promote`,

  run: async (args, context) => {
    const options = { ...PLANNING_OPTIONS, ...KEY_OPTIONS, promote: { type: 'boolean' } } as const;
    const { values, positionals } = readArgs(args, { options, takes: 'any' });
    const { out, here } = context;
    const planning = await readPlanning(values, { positionals, here });
    const { reference, mirrors } = planning;
    const tag = values.promote === true ? reference.tag : null;
    if (values.promote === true && tag === null) throw new UsageError('--promote needs an image with a tag');
    const signing = await readSigning(values, here);
    return await working(context, values, async (work) => {
      const { name, image, scan, outcome, approval } = await planImage(work, planning);
      const tell = (told: Told): Promise<void> =>
        out.write(values.json === true ? toJson(name, told) : `${name}\n\n${toText(told, out)}`);
      if (outcome.kind !== 'ready') {
        await tell({ outcome, approval, judged: null });
        return isWell(outcome) ? 0 : 1;
      }
      const patched = await buildStep(work, { image, ready: outcome, mirrors });
      const { plan } = outcome;
      const { platform } = image;
      const scanBefore = scan.result;
      const request = {
        base: image,
        patched,
        platform,
        plan,
        mirrors,
        scanBefore,
        signing,
        keep: 'verdicts' as const,
      };
      const { verdict, proof } = await proveStep(work, request);
      const promotion = proof === null || tag === null ? null : await promoteStep(work, { proof, tag });
      await tell({ outcome, approval, judged: { verdict, promotion } });
      return proof === null ? 1 : 0;
    });
  },
};

type Told = Pick<PlanStep, 'approval'> &
  (
    | { readonly outcome: Exclude<PlanOutcome, ReadyPlan>; readonly judged: null }
    | { readonly outcome: ReadyPlan; readonly judged: Judged }
  );

interface Judged {
  readonly verdict: Verdict;
  readonly promotion: Promotion | null;
}

function toJson(image: string, { outcome, approval, judged }: Told): string {
  const fields = { ...outcomeFields(outcome), approval };
  const told =
    judged === null
      ? { image, ...fields, verdict: null, promotion: null }
      : { image, ...fields, kind: 'judged', patched: judged.verdict.image.digest, ...judged };
  return `${JSON.stringify(told, null, 2)}\n`;
}

function toText({ outcome, approval, judged }: Told, out: Output): string {
  if (judged === null) return planText({ outcome, approval }, out);
  const { verdict, promotion } = judged;
  const parts = [
    verdictText(verdict, out),
    leftOverText(outcome.leftOver),
    promotion === null ? '' : promotionText(promotion),
  ];
  return parts.filter((part) => part !== '').join('\n');
}
