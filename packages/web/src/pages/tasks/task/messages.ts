/** The texts of the page of one task. */
import { count, plural } from '../../../messages.ts';

interface ActWords {
  readonly button: string;
  readonly title: string;
  readonly why: string;
  readonly confirm: string;
}

export const messages = {
  back: 'Tasks',
  task: 'Task',
  failed: 'The task could not be read',
  notFound: 'There is no such task',
  notFoundWhy: 'It may have been deleted because it was old, or the address is not whole.',
  forbidden: 'You may not see this task',
  forbiddenWhy: 'Somebody else started it. Ask them, or whoever runs the portal.',
  toTasks: 'All tasks',

  facts: 'About this task',
  startedBy: 'Started by',
  byNobody: 'a program',
  template: 'Template',
  version: 'version',
  created: 'Started',
  ended: 'Ended',
  took: 'Took',
  runningFor: 'Running for',
  runs: 'Runs',
  runsCount: (attempts: number) => plural(attempts, 'run', 'runs'),
  pausedBy: 'Paused by',
  id: 'Task',
  copyId: 'Copy the id of the task',
  values: 'Values',

  output: 'Result',
  opens: 'Open',
  entity: 'Open in the catalog',
  link: 'Open the link',
  badLink: (title: string) => `${title}: the template gave an address that cannot be opened safely`,
  made: 'In the catalog',
  others: 'Other values',

  errorTitle: 'Why it failed',
  errorAt: (step: string) => `The step “${step}” failed.`,
  errorWhole: 'It failed outside of a step.',
  errorRetry: 'See to the cause, then retry: it goes on from this step. What the steps before it did stays.',
  errorOver: 'This task cannot be retried. See to the cause, then start over with the same values.',
  showLog: 'Show its log',

  approval: 'Waits for approval',
  approvals: 'Approvals',
  approvalLost: 'What it waits for could not be read',

  acts: 'What can be done',
  startOver: 'Start over',
  startOverFailed: 'The form of the template could not be read, so its values cannot be filled in.',
  startEmpty: 'Open the empty form',
  act: {
    cancel: {
      button: 'Cancel…',
      title: 'Cancel this task?',
      why: 'The running step is told to stop, and those after it do not run. What was done stays as it is.',
      confirm: 'Cancel the task',
    },
    retry: {
      button: 'Retry…',
      title: 'Retry this task?',
      why: 'It goes on from the step that failed, with the same values. Steps that are done do not run again.',
      confirm: 'Retry',
    },
  } satisfies Readonly<Record<string, ActWords>>,
  pause: 'Pause',
  pauseWhy: 'It stops before its next step.',
  resume: 'Go on',
  keep: 'Back',
  actFailed: 'It was not done',
  otherPerson: (name: string) => `${name} started this task.`,
  secretsAgain: 'Secrets are not kept when a task has ended. Give them again:',
  secretMissing: 'Give every secret that is needed.',

  steps: 'Steps',
  allSteps: 'Whole log',
  stepsDone: (done: number, total: number, skipped: number) =>
    `${count(done)} of ${count(total)} done${skipped === 0 ? '' : `, ${count(skipped)} skipped`}`,
  noSteps: 'The template has no steps.',
  stepLog: (name: string) => `Log of the step ${name}`,

  log: 'Log',
  logText: 'Log of the task',
  logNone: 'Nothing was written yet.',
  logNoneStep: 'This step wrote nothing.',
  logNoneEver: 'Nothing was written.',
  logFailed: 'The log could not be read',
  logStates: {
    connecting: 'Connecting…',
    live: 'Live',
    broken: 'Interrupted; connecting again…',
    ended: 'Complete',
  },
  logLines: (total: number) => plural(total, 'line', 'lines'),
  logCut: (lines: number) => `${plural(lines, 'earlier line is', 'earlier lines are')} not shown.`,
  lineCut: (characters: number) => `… ${plural(characters, 'more character', 'more characters')}`,
  search: 'Search the log',
  found: (at: number, total: number) => `${count(at)} of ${count(total)}`,
  foundNone: 'not found',
  nextFound: 'Next line that has it',
  previousFound: 'Line before that has it',
  copyLog: 'Copy the log',
  copied: 'Copied',
  download: 'Download',
  downloadLog: 'Download the log',
  follow: 'Follow',
  following: 'Following',
  followWhy: 'Stay at the end while lines come',
  newLines: (total: number) => plural(total, 'new line', 'new lines'),
} as const;
