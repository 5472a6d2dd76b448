/** A text field whose value reaches the address a moment after the last key, and follows the address otherwise. */
import { useEffect, useRef, useState } from 'react';

const DELAY_MS = 150;

/** The text to show and the function that changes it; `commit` gets the text when typing pauses. */
export function useDebouncedText(
  committed: string,
  commit: (text: string) => void,
): readonly [string, (text: string) => void] {
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

  return [text, setText];
}
