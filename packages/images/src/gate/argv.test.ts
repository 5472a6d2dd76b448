import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PackageManager } from '../inventory/inventory.ts';
import type { PatchPlan, Proposal } from '../plan/plan.ts';
import type { Command } from '../script/command.ts';
import { compile, compileProbe, type CompiledScript } from '../script/compile.ts';
import { buildGood } from './corpus/build.fixture.ts';
import { COMMAND_CLASSES } from './corpus/commands.fixture.ts';
import { worldOf, type WorldName } from './corpus/worlds.fixture.ts';
import { checkCommands, COMMAND_CHECKS, rightsOf, rightsToLook, type Rights } from './argv.ts';
import { runGate } from './gate.ts';

const names = (...list: readonly string[]): ReadonlySet<string> => new Set(list);

/** As if the gate had let some hostile names through. */
const RIGHTS: Rights = {
  look: names('openssl'),
  upgrade: names(
    'openssl',
    'hostile-',
    'hostile/sid',
    './hostile.deb',
    'hostile=1',
    'hostile*',
    '-oHostile=1',
  ),
  install: names(),
  remove: names('tzdata'),
  releaseLock: false,
};

const toCommand = (fields: Partial<Command>): Command => {
  return {
    purpose: 'try it',
    argv: [],
    env: { LC_ALL: 'C' },
    accepts: [0],
    timeout: 1000,
    input: null,
    ...fields,
  };
};

const BAD = COMMAND_CLASSES.flatMap(({ name, manager, lines = [], commands = [] }) => {
  const split = lines.map((line) => ({ argv: line.split(' ').map((word) => word.replaceAll('␣', ' ')) }));
  return [...split, ...commands].map((fields) => ({ class: name, manager, command: toCommand(fields) }));
});

const commandsOf = (script: CompiledScript): readonly Command[] => [
  ...script.probe,
  ...script.simulate,
  ...script.apply.map(({ command }) => command),
  ...script.clean,
];

function toPlan(world: WorldName, proposal: Proposal, manager?: PackageManager): PatchPlan {
  const { facts } = worldOf(world).input;
  const planner = { kind: 'deterministic', name: 'test', promptHash: null } as const;
  return { facts: { ...facts, manager: manager ?? facts.manager }, proposal, planner };
}

describe('checkCommands', () => {
  it('refuses every bad command of the corpus', (context) => {
    const passed = BAD.filter(
      ({ manager, command }) => checkCommands([command], { manager, rights: RIGHTS }).length === 0,
    );
    const classes = Map.groupBy(BAD, (entry) => entry.class);
    for (const [name, entries] of classes)
      context.diagnostic(`${String(entries.length).padStart(4)} ${name}`);
    context.diagnostic(`${String(BAD.length).padStart(4)} bad commands, ${passed.length} passed`);
    assert.deepEqual(
      passed.map(({ command }) => command),
      [],
    );
  });

  it('has no check that the others make needless', (context) => {
    const rows = COMMAND_CHECKS.map((id) => {
      const only = BAD.filter(({ manager, command }) => {
        return checkCommands([command], { manager, rights: RIGHTS, without: [`command/${id}`] }).length === 0;
      });
      return { id, only: only.length };
    });
    for (const { id, only } of rows) context.diagnostic(`${`command/${id}`.padEnd(20)} only it: ${only}`);
    assert.deepEqual(
      rows.filter(({ only }) => only === 0),
      [],
    );
  });

  it('lets everything pass that is compiled from a good plan', (context) => {
    let count = 0;
    for (let seed = 0; seed < 60; seed += 1) {
      const { input } = buildGood(seed);
      const verdict = runGate(input);
      assert.equal(verdict.kind, 'accepted');
      const planner = { kind: 'deterministic', name: 'test', promptHash: null } as const;
      if (verdict.proposal === null) continue;
      const script = compile({ facts: input.facts, proposal: verdict.proposal, planner });
      const commands = commandsOf(script);
      count += commands.length;
      const rights = rightsOf(verdict.proposal);
      assert.deepEqual(checkCommands(commands, { manager: input.facts.manager, rights }), []);
    }
    context.diagnostic(`${count} commands passed`);
  });

  const MANAGERS: readonly (readonly [PackageManager, WorldName])[] = [
    ['apt', 'debian'],
    ['apk', 'alpine'],
    ['dnf', 'amazon'],
    ['microdnf', 'amazon'],
    ['tdnf', 'amazon'],
    ['yum', 'amazon'],
    ['zypper', 'rocky'],
  ];
  for (const [manager, world] of MANAGERS) {
    for (const mirrors of ['image', 'mounted'] as const) {
      it(`lets pass what is compiled for ${manager}, mirrors: ${mirrors}`, () => {
        const { proposal } = worldOf(world);
        const plan = toPlan(world, proposal, manager);
        const rights = rightsOf(proposal);
        assert.deepEqual(checkCommands(commandsOf(compile(plan, { mirrors })), { manager, rights }), []);
        const asked = proposal.packages.map(({ name }) => name);
        const probe = compileProbe({ manager, distro: plan.facts.distro, names: asked }, { mirrors });
        assert.ok(probe.length > 0);
        assert.deepEqual(checkCommands(probe, { manager, rights: rightsToLook(asked, rights) }), []);
      });
    }
  }

  it('lets replacements and removals pass, for their own packages only', () => {
    const { proposal } = worldOf('debian');
    const packages = [
      { name: 'libcurl4', action: 'replace', minVersion: '8.0-1', replacement: 'libcurl4t64' },
      { name: 'tzdata', action: 'remove', minVersion: null, replacement: null },
    ] as const;
    const changed: Proposal = { ...proposal, packages, requires: ['replace-package', 'remove-package'] };
    const commands = commandsOf(compile(toPlan('debian', changed)));
    assert.deepEqual(checkCommands(commands, { manager: 'apt', rights: rightsOf(changed) }), []);
    const others = checkCommands(commands, { manager: 'apt', rights: rightsOf(proposal) });
    assert.ok(others.some(({ text }) => text === 'The plan gives no right to install libcurl4t64.'));
    assert.ok(others.some(({ text }) => text === 'The plan gives no right to remove tzdata.'));
  });

  it('lets a swap of dnf pass, and no other one', () => {
    const { proposal } = worldOf('rocky');
    const packages = [
      { name: 'curl-minimal', action: 'replace', minVersion: '7.76.1-26.el9', replacement: 'curl' },
    ] as const;
    const changed: Proposal = { ...proposal, packages, requires: ['replace-package'] };
    const commands = commandsOf(compile(toPlan('rocky', changed)));
    assert.deepEqual(checkCommands(commands, { manager: 'dnf', rights: rightsOf(changed) }), []);
    assert.ok(checkCommands(commands, { manager: 'dnf', rights: rightsOf(proposal) }).length > 0);
  });

  it('gives a question no right to change anything', () => {
    const { proposal } = worldOf('alpine');
    const commands = commandsOf(compile(toPlan('alpine', proposal)));
    const asked = proposal.packages.map(({ name }) => name);
    const reasons = checkCommands(commands, {
      manager: 'apk',
      rights: rightsToLook(asked, { releaseLock: false }),
    });
    assert.equal(new Set(reasons.map(({ check }) => check)).size, 1);
    assert.equal(reasons[0]?.check, 'command/rights');
  });

  it('takes back what was saved as it was', () => {
    const rights = RIGHTS;
    const auto = toCommand({
      argv: ['xargs', '-r', 'apt-mark', 'auto', '--'],
      input: 'libc6\nlibgcc-s1:i386\ng++\n',
    });
    assert.deepEqual(checkCommands([auto], { manager: 'apt', rights }), []);
    const world = toCommand({ argv: ['tee', '/etc/apk/world'], input: 'musl\nnginx=1.2-r3\nx@edge\n!y\n' });
    assert.deepEqual(checkCommands([world], { manager: 'apk', rights }), []);
  });

  it('says what it refuses', () => {
    for (const manager of ['apt', 'dnf', 'apk'] as const) {
      const [first] = checkCommands([toCommand({ argv: ['id'] })], { manager, rights: RIGHTS });
      assert.equal(first?.text, `This is no command that may be run with ${manager}: ["id"].`);
    }
  });
});
