// The CapabilityStatement, generated from the parameter table so that it cannot promise more. Must not know the store.
import type {
  CapabilityStatement,
  CapabilityStatementRestResource,
  CapabilityStatementRestResourceSearchParam,
  FhirResource,
} from 'fhir/r4.js';
import { datePrefixes } from './date-range.js';
import { isSupportedType, type SearchParameter, searchParameters } from './search-parameters.js';

/** What `GET /metadata` answers. @see https://hl7.org/fhir/R4/capabilitystatement.html */
export function capabilityStatement(baseUrl: string, started: Date): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: started.toISOString(),
    kind: 'instance',
    software: { name: 'pain-cds sandbox' },
    implementation: {
      description: 'In-memory FHIR server of demo mode; synthetic data only, lost at exit',
      url: baseUrl,
    },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    rest: [
      {
        mode: 'server',
        documentation:
          'No modifiers, no chaining. Unknown parameters are refused. Resources are written by transaction or batch only (POST and PUT entries).',
        security: { cors: true, description: 'Open: no authentication' },
        resource: [...searchParameters.keys()].filter(isSupportedType).map(describe),
        interaction: [{ code: 'transaction' }, { code: 'batch' }],
      },
    ],
  };
}

function describe(type: FhirResource['resourceType']): CapabilityStatementRestResource {
  const parameters = searchParameters.get(type) ?? [];
  const includes = parameters.filter(({ kind }) => kind === 'reference');
  return {
    type,
    interaction: [{ code: 'read' }, { code: 'search-type' }],
    versioning: 'no-version',
    updateCreate: true,
    ...(includes.length > 0
      ? { searchInclude: includes.map(({ name }) => `${type}:${name}`) }
      : {}),
    searchParam: parameters.map(describeParameter),
  };
}

function describeParameter({
  name,
  kind,
}: SearchParameter): CapabilityStatementRestResourceSearchParam {
  return {
    name,
    type: kind === 'code' ? 'token' : kind,
    ...(kind === 'date' ? { documentation: `Prefixes: ${datePrefixes.join(', ')}` } : {}),
    ...(kind === 'code' ? { documentation: 'Plain code, without a system' } : {}),
  };
}
