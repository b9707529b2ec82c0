// A process in demo mode over our fixtures, and calls with everything prefetched. Must not judge answers.
import type { FhirResource } from 'fhir/r4.js';
import request from 'supertest';
import type { ServiceDefinition, ServiceResponse } from '../../src/cds/cds-hooks.js';
import { readConfig } from '../../src/config.js';
import { loadFixtures } from '../../src/sandbox/load-fixtures.js';
import { wire } from '../../src/wire.js';
import { checked } from '../support/checked.js';
import { searchset } from '../support/fake-fhir-server.js';

const wired = wire(readConfig({ LOG_LEVEL: 'silent', DATABASE_URL: 'memory:' }));
export const { evaluations } = wired;
export const app = checked(wired.app);
const all = loadFixtures('fhir-fixtures/patients');
export const patients = all.flatMap((one) =>
  one.resourceType === 'Patient' && one.id ? [one.id] : [],
);

const isOf = (patientId: string, resource: FhirResource): boolean =>
  resource.resourceType === 'Patient'
    ? resource.id === patientId
    : new RegExp(`"Patient/${patientId}"`).test(JSON.stringify(resource));

/** The services of discovery. */
export const services: readonly ServiceDefinition[] = (await request(app).get('/cds-services')).body
  .services;

/** Address of the service of a hook. */
export const pathOf = (hook: string): string =>
  `/cds-services/${services.find((service) => service.hook === hook)?.id}`;

/** A call with everything prefetched; `change` alters the resources, `context` adds to the context. */
export const bodyFor = (
  patientId: string,
  {
    hook = 'patient-view',
    context = {},
    change = (same: readonly FhirResource[]): readonly FhirResource[] => same,
  } = {},
): object => {
  const own = change(all.filter((resource) => isOf(patientId, resource)));
  const { prefetch = {} } = services.find((service) => service.hook === hook) ?? {};
  const entries = Object.entries(prefetch).map(([key, template]) => {
    const type = template.split(/[?/]/)[0];
    const found = own.filter(({ resourceType }) => resourceType === type);
    return [key, type === 'Patient' ? found[0] : searchset(found)];
  });
  return {
    hook,
    hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
    context: { userId: 'Practitioner/1', patientId, ...context },
    prefetch: Object.fromEntries(entries),
  };
};

/** The answer to such a call. */
export const call = async (
  patientId: string,
  options: Parameters<typeof bodyFor>[1] = {},
): Promise<ServiceResponse> =>
  (
    await request(app)
      .post(pathOf(options.hook ?? 'patient-view'))
      .send(bodyFor(patientId, options))
      .expect(200)
  ).body;
