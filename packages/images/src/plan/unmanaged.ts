/** What to do with an image whose packages nothing in it can change: never an overlay of files by hand. */
import type { Inventory } from '../inventory/inventory.ts';
import type { Proposal, Strategy } from './plan.ts';

/** For an inventory that gives no facts; it is no matter for a model, since no plan of packages could be applied. */
export function proposeUnmanaged(inventory: Inventory): Proposal {
  const [strategy, reason] = verdict(inventory);
  return { strategy, packages: [], requires: [], reason, confidence: 1 };
}

function verdict({ state, distro }: Inventory): readonly [Strategy, string] {
  switch (state) {
    case 'distroless':
      return distro?.id === 'ubuntu'
        ? [
            'bump-base',
            'The image is chiselled: its slices are cut again from fixed packages, never overlaid.',
          ]
        : ['bump-base', 'The image has no package manager: take a newer digest of its base.'];
    case 'no-tools':
      return [
        'bump-base',
        'The image has a package database and nothing to change it with: take a newer digest of its base, ' +
          'or build it anew with the tools of the same major release.',
      ];
    case 'none':
      return [
        'defer',
        'The image has no packages of a distribution: what it holds is built anew by its owner, or answered by a VEX.',
      ];
    case 'managed':
      return ['defer', 'The image does not say which distribution it is, so no fix can be chosen for it.'];
    default:
      return state satisfies never;
  }
}
