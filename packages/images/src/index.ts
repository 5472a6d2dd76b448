/** The door of the images room: golden images, from a finding to a proved, patched image. */
export { createBuildahEngine } from './build/buildah-engine.ts';
export type { BuildEngine } from './build/engine.ts';
export { createNodeEngine } from './build/node-engine.ts';
export { STRICT_POLICY } from './gate/verdict.ts';
export { formatReference, parseReference } from './image/reference.ts';
export type { RegistryClient } from './image/registry-client.ts';
export { createRegistryClient } from './image/registry.ts';
export { PATCH_LABELS } from './pipeline/build-patch.ts';
export { patchImage, type PatchOutcome } from './pipeline/patch-image.ts';
export { createPlanner } from './plan/planner.ts';
export { promote, type Promotion } from './promote/promote.ts';
export { createGrype } from './prove/grype.ts';
export { createTrivy } from './prove/scan.ts';
export { DEFAULT_BUDGET } from './prove/size.ts';
export type { Finding } from './receive/finding.ts';
export { parsePolicy } from './receive/policy.ts';
export { parseReport } from './receive/report.ts';
export { printScript } from './script/print.ts';
