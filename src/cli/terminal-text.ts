// Text of a record made safe for a terminal. Must not know where it is printed.

/** Replaces control, bidi and zero-width characters, so that no data can steer the terminal. */
export const terminalText = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�').slice(0, 200);
