/** A text field whose value is used at once, reaches the address a moment after the last key, and follows the address otherwise. */
import { useEffect, useRef, useState } from 'react';

/** Longer than between two keys of somebody who types: counts and address follow when it pauses. */
const DELAY_MS = 300;

export interface TypedText {
  /** The text to show. */
  readonly text: string;
  readonly setText: (text: string) => void;
  /** Takes over a text that the address gets in another way, instead of what was typed. */
  readonly follow: (text: string) => void;
}

/** `commit` gets the text when typing pauses. */
export function useTypedText(committed: string, commit: (text: string) => void): TypedText {
  const [text, setText] = useState(committed);
  const last = useRef(committed);
  /** Texts that were committed and that the address has yet to show: they are not news. */
  const onTheWay = useRef(new Set<string>());
  const latestCommit = useRef(commit);
  useEffect(() => {
    latestCommit.current = commit;
  });

  useEffect(() => {
    const expected = onTheWay.current.delete(committed);
    if (committed === last.current) {
      onTheWay.current.clear();
      return;
    }
    if (expected) return;
    last.current = committed;
    setText(committed);
  }, [committed]);

  useEffect(() => {
    if (text === last.current) return undefined;
    const timer = setTimeout(() => {
      last.current = text;
      onTheWay.current.add(text);
      latestCommit.current(text);
    }, DELAY_MS);
    return () => clearTimeout(timer);
  }, [text]);

  return {
    text,
    setText,
    follow: (next) => {
      if (next !== last.current) onTheWay.current.add(next);
      last.current = next;
      setText(next);
    },
  };
}
