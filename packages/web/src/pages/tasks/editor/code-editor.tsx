/** A text editor for YAML and other files: CodeMirror in the colours of the portal, with problems at their lines. */
import { useEffect, useRef, type ReactElement } from 'react';
import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Diagnostic } from '@callboard/model';

export interface CodeEditorProps {
  /** For screen readers. */
  readonly label: string;
  /** What is edited: another one begins anew, without the history of before. */
  readonly path: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly diagnostics: readonly Diagnostic[];
  /** Offered after `action:`. */
  readonly actionIds: readonly string[];
  /** A line to go to; a new object goes there again. */
  readonly goTo: { readonly line: number } | null;
}

export function CodeEditor(props: CodeEditorProps): ReactElement {
  const { label, path, text, diagnostics, goTo } = props;
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    if (box.current === null) return undefined;
    const made = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: latest.current.text,
        extensions: [
          extensionsFor({ path, label, actionIds: () => latest.current.actionIds }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
  }, [path, label]);

  // A text that was changed from outside, as when a folder is read again.
  useEffect(() => {
    const editor = view.current;
    if (editor === null || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    editor.dispatch(setDiagnostics(editor.state, marksOf(editor.state, diagnostics)));
  }, [diagnostics, path]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || goTo === null) return;
    const { from } = editor.state.doc.line(Math.min(Math.max(1, goTo.line), editor.state.doc.lines));
    editor.dispatch({
      selection: { anchor: from },
      effects: EditorView.scrollIntoView(from, { y: 'center' }),
    });
    editor.focus();
  }, [goTo]);

  return <div className="code-editor" ref={box} />;
}

interface EditorOptions {
  readonly path: string;
  readonly label: string;
  readonly actionIds: () => readonly string[];
}

function extensionsFor({ path, label, actionIds }: EditorOptions): Extension {
  const isYaml = /\.ya?ml$/i.test(path);
  return [
    lineNumbers(),
    history(),
    drawSelection(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    indentOnInput(),
    lintGutter(),
    syntaxHighlighting(COLOURS),
    LOOK,
    isYaml ? [yaml(), autocompletion({ override: [actionSource(actionIds)] })] : [],
    // Tab is not bound: it leaves the text, as everywhere.
    keymap.of([...lintKeymap, ...defaultKeymap, ...historyKeymap]),
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
  ];
}

/** The ids of actions behind `action:`. */
function actionSource(actionIds: () => readonly string[]) {
  return (context: CompletionContext): CompletionResult | null => {
    const before = context.matchBefore(/action:\s*['"]?[\w:.-]*/);
    if (before === null) return null;
    const typed = /[\w:.-]*$/.exec(before.text.replace(/^action:\s*['"]?/, ''))?.[0] ?? '';
    return {
      from: context.pos - typed.length,
      options: actionIds().map((id) => ({ label: id, type: 'constant' })),
      validFor: /^[\w:.-]*$/,
    };
  };
}

/** Where in the text problems are; one without a line stands at the first. */
function marksOf(
  state: EditorState,
  diagnostics: readonly Diagnostic[],
): Parameters<typeof setDiagnostics>[1] {
  return diagnostics
    .map(({ severity, summary, detail, line = 1, column }) => {
      const place = state.doc.line(Math.min(Math.max(1, line), state.doc.lines));
      const indent = place.text.length - place.text.trimStart().length;
      const from = Math.min(place.from + (column === undefined ? indent : column - 1), place.to);
      return {
        from,
        to: place.to,
        severity,
        message: detail === undefined ? summary : `${summary}\n${detail}`,
      };
    })
    .toSorted((a, b) => a.from - b.from);
}

const COLOURS = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: 'var(--cb-link)' },
  { tag: tags.comment, color: 'var(--bui-fg-secondary)', fontStyle: 'italic' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--task-green)' },
  { tag: [tags.keyword, tags.meta, tags.typeName, tags.labelName], color: 'var(--task-magenta)' },
  { tag: [tags.punctuation, tags.separator, tags.bracket], color: 'var(--bui-fg-secondary)' },
]);

const LOOK = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--bui-bg-neutral-1)', color: 'var(--bui-fg-primary)' },
  '&.cm-focused': { outline: '2px solid var(--bui-ring)', outlineOffset: '-2px' },
  '.cm-scroller': {
    fontFamily: 'var(--bui-font-monospace)',
    fontSize: '0.8125rem',
    lineHeight: '1.55',
    direction: 'ltr',
  },
  '.cm-content': { caretColor: 'var(--bui-fg-primary)' },
  '.cm-cursor': { borderLeftColor: 'var(--bui-fg-primary)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--bui-bg-neutral-4)',
  },
  '.cm-gutters': {
    backgroundColor: 'var(--bui-bg-neutral-1)',
    color: 'var(--bui-fg-secondary)',
    borderRight: '1px solid var(--bui-border-1)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--bui-bg-neutral-2)' },
  '.cm-tooltip': {
    border: '1px solid var(--bui-border-2)',
    borderRadius: '6px',
    backgroundColor: 'var(--bui-bg-neutral-1)',
    color: 'var(--bui-fg-primary)',
    maxWidth: '36rem',
    fontSize: '0.8125rem',
    whiteSpace: 'pre-wrap',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--bui-bg-neutral-3)',
    color: 'var(--bui-fg-primary)',
  },
});
