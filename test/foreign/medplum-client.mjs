// Calls a running server as the CDS client of @medplum/core does: discover, build prefetch, call, read the cards.
// Runs where that package is installed (see test/foreign/run.js), on a Node version of its own. Exits 1 with what was wrong.
import assert from 'node:assert/strict';
import { buildCdsRequest, MedplumClient } from '@medplum/core';

const [base] = process.argv.slice(2);
const medplum = new MedplumClient({
  baseUrl: `${base}/`,
  fhirUrlPath: 'fhir',
  cdsServicesUrl: `${base}/cds-services`,
});

const clinician = { resourceType: 'Practitioner', id: 'demo' };

/** Answers of every patient-view service for a patient, with prefetch changed on the way. */
const call = async (patientId, change = (prefetch) => prefetch) => {
  const { services } = await medplum.getCdsServices();
  const service = services.find(({ hook }) => hook === 'patient-view');
  assert.ok(service, 'discovery names a service for patient-view');
  const context = { userId: 'Practitioner/demo', patientId };
  const built = await buildCdsRequest(medplum, clinician, service, context);
  const request = { ...built, prefetch: change(built.prefetch ?? {}) };
  return { request, service, response: await medplum.callCdsService(service.id, request) };
};

const checkCards = (cards) => {
  for (const { uuid, summary, indicator, source, detail } of cards) {
    assert.match(uuid ?? '', /^[0-9a-f-]{36}$/);
    assert.ok(summary.length > 0 && summary.length < 140, summary);
    assert.ok(['info', 'warning', 'critical'].includes(indicator));
    assert.ok(source.label && source.topic?.code);
    assert.ok(!detail || !/<[a-z]/i.test(detail));
  }
};

const evaluationOf = ({ extension }) => extension['org.pain-cds.evaluation'];

const steps = {
  'a pain is classified from the prefetch this client builds': async () => {
    const { request, service, response } = await call('trigeminal-neuralgia');
    assert.deepEqual(Object.keys(request.prefetch).sort(), Object.keys(service.prefetch).sort());
    checkCards(response.cards);
    assert.equal(response.cards[0].source.topic.code, 'painneuropathictrigeminal');
    assert.deepEqual(evaluationOf(response).missing, undefined);
  },
  'a red flag comes first and is critical': async () => {
    const { response } = await call('red-flag-cauda-equina');
    checkCards(response.cards);
    assert.equal(response.cards[0].indicator, 'critical');
  },
  'no pain is no card': async () => {
    const { response } = await call('control-no-pain');
    assert.deepEqual(response.cards, []);
  },
  'null for a template that failed is unknown, never none': async () => {
    const { response } = await call('knee-osteoarthritis', (prefetch) => ({
      ...prefetch,
      allergies: null,
    }));
    const { completeness, missing, painProblems } = evaluationOf(response);
    assert.equal(completeness, 'partial');
    assert.deepEqual(
      missing.map(({ input, reason }) => [input, reason]),
      [['AllergyIntolerance', 'null']],
    );
    for (const { recommendations } of painProblems)
      for (const { treatment, status } of recommendations)
        assert.ok(treatment !== 'nsaid' || status !== 'offered', 'an NSAID without allergies read');
  },
  'null for a required template is refused as 412': async () => {
    const refused = await call('knee-osteoarthritis', (prefetch) => ({
      ...prefetch,
      conditions: null,
    })).then(
      () => undefined,
      (error) => error,
    );
    assert.ok(refused, 'the call fails');
    assert.match(JSON.stringify(refused.outcome ?? refused.message), /conditions/);
  },
  'an unknown patient is refused, not answered empty': async () => {
    await assert.rejects(call('nobody-here'));
  },
};

let failed = 0;
for (const [name, step] of Object.entries(steps)) {
  try {
    await step();
    process.stdout.write(`ok ${name}\n`);
  } catch (error) {
    failed += 1;
    process.stdout.write(`not ok ${name}\n${error?.stack ?? error}\n`);
  }
}
const passed = Object.keys(steps).length - failed;
process.stdout.write(
  `@medplum/core on Node ${process.version}\n${passed} passed, ${failed} failed\n`,
);
process.exitCode = failed === 0 ? 0 : 1;
