// The words of the pages that cards link to. Must not hold behaviour.

/** Words of the pages, from `cards/texts`. */
export interface AboutTexts {
  readonly knowledgeTitle: string;
  readonly articleTitle: string;
  readonly notReviewed: string;
  /** Paragraphs on the scheme, its source and its limits. */
  readonly scheme: readonly string[];
  readonly columns: Readonly<
    Record<
      'principle' | 'article' | 'guidance' | 'follows' | 'agreement' | 'certainty' | 'sources',
      string
    >
  >;
}
