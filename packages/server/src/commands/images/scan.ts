/** `callboard images scan`: what a scanner finds in an image, and what of it could be fixed. */
import { formatPlatform, formatReference, type Image } from '@callboard/images';
import { readArgs, type Command } from '../context.ts';
import {
  COMMON_HELP,
  COMMON_OPTIONS,
  IMAGE_OPTIONS,
  LOGIN_HELP,
  PLATFORM_HELP,
  readImage,
  readPlatform,
  SCAN_HELP,
  SCAN_OPTIONS,
  toSeverity,
} from './options.ts';
import { countFindings, findingsText, hasFixable, isFixable } from './scan-text.ts';
import { keepScan, scanStep, type Scan } from './steps.ts';
import { readImageOf, working } from './work.ts';

export const imagesScanCommand: Command = {
  usage: 'IMAGE [--fail-on SEVERITY] [--record FOLDER] [--json]',
  help: `Scans an image and says how many findings there are of each severity, and which packages would end those that
can be fixed. What the scanner said is kept as scan.json, which callboard images import takes, too.

  --fail-on SEVERITY   exit code 1 when a finding this bad, or worse, could be fixed
${SCAN_HELP}
${PLATFORM_HELP}
${COMMON_HELP}
  --json               { image, platform, scanner, counts, findings }

${LOGIN_HELP}
Exit code: 0 scanned, 1 not scanned, or --fail-on applies, 2 wrong use, 130 stopped.

  callboard images scan registry.example.com/golden/debian:12 --fail-on critical`,

  run: async (args, context) => {
    const { values, positionals } = readArgs(args, {
      options: {
        ...COMMON_OPTIONS,
        ...IMAGE_OPTIONS,
        ...SCAN_OPTIONS,
        'fail-on': { type: 'string' },
      },
      takes: 'any',
    });
    const reference = readImage(positionals);
    const platform = readPlatform(values);
    const failOn = values['fail-on'] === undefined ? null : toSeverity('--fail-on', values['fail-on']);
    return await working(context, values, async (work) => {
      const image = await readImageOf(work, reference, platform);
      const scan = await scanStep(work, image);
      await keepScan(work, scan);
      const name = formatReference({ ...reference, digest: image.digest });
      const { out } = context;
      if (values.json === true) await out.write(toJson(name, { image, scan }));
      else await out.write(`${headText(name, { image, scan })}\n${findingsText(scan.findings, out)}`);
      if (failOn === null || !hasFixable(scan.findings, failOn)) return 0;
      await context.err.write(`There are fixable findings of severity ${failOn} or worse (--fail-on).\n`);
      return 1;
    });
  },
};

interface Scanned {
  readonly image: Image;
  readonly scan: Scan;
}

function headText(name: string, { image, scan: { result } }: Scanned): string {
  const { distro, scanner, scannerVersion, databaseVersion } = result;
  const what = `${distro ?? 'no known distribution'}, ${formatPlatform(image.platform)}`;
  return `${name}\n${what}; ${scanner} ${scannerVersion}, database ${databaseVersion}\n`;
}

function toJson(name: string, { image, scan: { result, findings } }: Scanned): string {
  const { scanner, scannerVersion, databaseVersion, distro } = result;
  const told = {
    image: name,
    platform: formatPlatform(image.platform),
    distro,
    scanner: { name: scanner, version: scannerVersion, database: databaseVersion },
    counts: countFindings(findings),
    findings: findings.map((finding) => ({ ...finding, fixable: isFixable(finding) })),
  };
  return `${JSON.stringify(told, null, 2)}\n`;
}
