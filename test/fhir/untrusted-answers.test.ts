// Answers of a FHIR server that cannot be trusted as they stand (security table 2.2): another search, resources with parts taken out.
import assert from 'node:assert/strict';
import { inputOf, ofPatient, prefetchWith, referencesOf } from '../support/edge.js';
import { type Fault, searchset } from '../support/fake-fhir-server.js';
import { withFhirServer } from '../support/server-reads.js';

describe('an answer that is not to be trusted (security 2.2)', () => {
  const fhir = withFhirServer();
  const { read, procedures } = fhir;
  const self = (url: string): Fault => ({
    kind: 'json',
    body: {
      ...searchset([ofPatient('Procedure', 'a')]),
      link: [{ relation: 'self', url }],
    },
  });

  it('T17 a self link without our filter is a failed search', async () => {
    for (const query of ['?_count=50', '?code=x', '?patient=p-2', '?patient=xp-1']) {
      fhir.server.fail('Procedure', self(`${fhir.server.base}/Procedure${query}`));
      assert.equal((await procedures())?.reason, 'filter-ignored', query);
    }
    assert.ok(fhir.lines.length > 0);
  });

  it('a self link that spells our filter in another way is one', async () => {
    for (const url of [
      `${fhir.server.base}/Procedure?patient=p-1`,
      `${fhir.server.base}/Procedure?patient=Patient%2Fp-1&_count=20`,
      `${fhir.server.base}/Procedure?subject=Patient/p-1`,
      `${fhir.server.base}/Procedure?subject:Patient=p-1`,
      `${fhir.server.base}/Procedure?patient=${encodeURIComponent(fhir.server.base)}%2FPatient%2Fp-1`,
      `${fhir.server.base}?_getpages=abc`,
      `${fhir.server.base}/Procedure`,
      'Procedure?patient=p-1',
      'not a link',
    ]) {
      fhir.server.fail('Procedure', self(url));
      assert.equal((await procedures())?.state, 'read', url);
    }
  });

  const marked: readonly (readonly [string, object, string])[] = [
    ['redacted', { meta: { security: [{ code: 'REDACTED' }] } }, 'redacted'],
    ['masked', { meta: { tag: [{ code: 'MASKED' }] } }, 'redacted'],
    ['a subset of itself', { meta: { tag: [{ code: 'SUBSETTED' }] } }, 'redacted'],
    ['modified', { modifierExtension: [{ url: 'https://x.test/not' }] }, 'cannot-interpret'],
    ['read by rules we do not know', { implicitRules: 'https://x.test/r' }, 'cannot-interpret'],
  ];
  for (const [name, change, reason] of marked) {
    it(`a resource that says it is ${name} is not used, and its input is not complete`, async () => {
      const rows = [ofPatient('Procedure', 'a', change), ofPatient('Procedure', 'b')];
      fhir.server.fail('Procedure', { kind: 'json', body: searchset(rows) });

      const record = await read(prefetchWith({ procedures: undefined }));

      assert.deepEqual(inputOf(record, 'Procedure'), {
        type: 'Procedure',
        state: 'truncated',
        reason,
      });
      assert.ok(!referencesOf(record).includes('Procedure/a'));
      assert.ok(referencesOf(record).includes('Procedure/b'));
    });
  }
});
