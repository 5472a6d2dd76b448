/** What works with templates without a portal: the linter, `template.test.yaml`, dry-runs and upgrades, for the command line. */
export { createFetchActions } from './actions/fetch/fetch-actions.ts';
export { explainUnknownAction } from './actions/create-registry.ts';
export { urlTreesOf } from './actions/fetch/url-trees.ts';
export type { CatalogPort } from './catalog-port.ts';
export { openEngine, type Engine, type EngineDeps } from './engine.ts';
export { createTemplating } from './expression/templating.ts';
export { createFormChecks, type FormChecks } from './form/check-form.ts';
export { toFormUser } from './form/form-user.ts';
export { sourceFailed } from './form/sources/source-error.ts';
export { lintTemplate } from './lint/lint-template.ts';
export { readTemplateFiles } from './lint/template-files.ts';
export { createInputCheck } from './run/check-input.ts';
export { createRunner, type RunnerDeps } from './run/create-runner.ts';
export { dryRun } from './run/dry-run.ts';
export { NOT_STARTED, type RunEnvironment } from './run/run.ts';
export { runFormTests } from './testing/run-form-tests.ts';
export { parseTemplate, type ParsedTemplate } from './template/parse-template.ts';
export type { TaskSpec, Template } from './template/template.ts';
export { toTaskSpec } from './template/to-task-spec.ts';
export {
  isPassed,
  readTemplate,
  runTemplateTests,
  type TemplateTestReport,
  type TestOutside,
} from './testing/run-template-tests.ts';
export { toChangeRequest } from './upgrade/change-request.ts';
export { fileTreeOf, readFileTree, writeFiles, type FileTree } from './upgrade/file-tree.ts';
export { planUpgrade, writtenBy, type UpgradePlan } from './upgrade/plan-upgrade.ts';
