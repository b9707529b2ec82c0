import assert from 'node:assert/strict';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import request from 'supertest';
import { baseUrl, matchIds, sample, sandboxApp } from './sandbox-app.js';

describe('sandbox search', () => {
  const app = sandboxApp(sample);
  const get = async (path: string) => (await request(app).get(`/fhir/${path}`).expect(200)).body;

  const rows: [string, string][] = [
    ['Patient', 'ann bob'],
    ['Patient?_id=ann', 'ann'],
    ['Patient?_id=ann,bob,nobody', 'ann bob'],
    ['Patient?name=mull', 'ann'],
    ['Patient?name=bo', 'bob'],
    ['Patient?family=M%C3%9CLLER', 'ann'],
    ['Patient?given=bea', 'ann'],
    ['Patient?gender=female', 'ann'],
    ['Patient?birthdate=1970-05', 'ann'],
    ['Patient?birthdate=ge1970-06', 'bob'],
    ['Patient?birthdate=1970', 'ann bob'],
    ['Patient?identifier=007', 'ann bob'],
    ['Patient?identifier=urn:mrn|007', 'ann'],
    ['Patient?identifier=|007', 'bob'],
    ['Patient?_lastUpdated=gt2026', ''],
    ['Patient?_lastUpdated=2026-01-02', 'ann'],
    ['Patient?_sort=-birthdate', 'bob ann'],
    ['Patient?_sort=name', 'ann bob'],
    ['Patient?_sort=-_id', 'bob ann'],
    ['Practitioner?name=house', 'doc'],
    ['Condition?patient=ann', 'knee'],
    ['Condition?patient=Patient/ann', 'knee'],
    ['Condition?subject=ann', 'knee'],
    [`Condition?patient=${baseUrl}/Patient/ann`, 'knee'],
    ['Condition?patient=bob', 'back'],
    ['Condition?patient=ann,bob', 'knee back'],
    ['Condition?patient=nobody', ''],
    ['Condition?code=M17', 'knee'],
    ['Condition?code=urn:a|M17', 'knee'],
    ['Condition?code=urn:b|M17', ''],
    ['Condition?code=|M54', 'back'],
    ['Condition?code=|M17', ''],
    ['Condition?code=urn:a|', 'knee'],
    ['Condition?code=23%5C,9', 'knee'],
    ['Condition?code=x,M54,y', 'back'],
    ['Condition?code=M17&code=M54', ''],
    ['Condition?clinical-status=active', 'knee'],
    ['Condition?clinical-status=urn:clinical|active,urn:clinical|resolved', 'knee back'],
    ['Condition?verification-status=confirmed', 'knee'],
    ['Condition?category=problem-list-item', 'knee'],
    ['Condition?encounter=Encounter/visit', 'knee'],
    ['Condition?onset-date=lt2021', 'knee'],
    ['Condition?recorded-date=ge2021', 'back'],
    ['Condition?_sort=recorded-date', 'back knee'],
    ['Condition?_sort=-recorded-date', 'back knee'],
    ['Observation?patient=ann', 'nrs'],
    ['Observation?subject=ann', 'nrs group-nrs'],
    ['Observation?subject=Group/ann', 'group-nrs'],
    ['Observation?category=survey', 'nrs'],
    ['Observation?status=final', 'nrs'],
    ['Observation?date=2026-03-05', 'nrs'],
    ['Observation?date=ge2026-03-05', 'nrs group-nrs'],
    ['Observation?date=ge2026-03-01&date=lt2026-03-05', 'group-nrs'],
    ['Observation?date=2026-03-05T10:00:00%2B02:00', 'nrs'],
    ['Observation?_sort=date', 'group-nrs nrs'],
    ['Observation?_sort=-date', 'nrs group-nrs'],
    ['Encounter?date=2026-03', 'visit'],
    ['Encounter?class=AMB', 'visit'],
    ['MedicationRequest?status=active&intent=order&authoredon=2026-03-05', 'rx'],
    ['MedicationRequest?medication=Medication/ibu', 'rx'],
    ['MedicationStatement?effective=2026', 'otc'],
  ];
  for (const [path, expected] of rows) {
    it(`finds ${expected || 'nothing'} for ${path}`, async () => {
      const bundle = await get(path);

      assert.equal(matchIds(bundle).join(' '), expected);
      assert.equal(bundle.total, expected === '' ? 0 : expected.split(' ').length);
    });
  }

  it('includes the Medication asked for, marked as included', async () => {
    for (const type of ['MedicationRequest', 'MedicationStatement']) {
      const bundle = await get(`${type}?patient=ann&_include=${type}:medication`);

      assert.equal(bundle.total, 1);
      assert.deepEqual(bundle.entry[1], {
        fullUrl: `${baseUrl}/Medication/ibu`,
        resource: sample.find(({ id }) => id === 'ibu'),
        search: { mode: 'include' },
      });
    }
  });

  it('leaves entry out when nothing matches', async () => {
    assert.ok(!('entry' in (await get('Condition?patient=nobody'))));
  });

  it('takes hundreds of codes by POST', async () => {
    const codes = Array.from({ length: 900 }, (_, i) => `http://snomed.info/sct|${i}`);

    const { body } = await request(app)
      .post('/fhir/Condition/_search')
      .type('form')
      .send({ patient: 'ann', code: [...codes, 'urn:a|M17'].join(',') })
      .expect(200);

    assert.deepEqual(matchIds(body), ['knee']);
  });

  it('joins the query and the body of a POST', async () => {
    const { body } = await request(app)
      .post('/fhir/Condition/_search?patient=ann')
      .type('form')
      .send('clinical-status=resolved')
      .expect(200);

    assert.equal(body.total, 0);
  });
});

describe('sandbox paging', () => {
  const conditions = Array.from({ length: 23 }, (_, i): FhirResource => {
    const subject = { reference: 'Patient/p' };
    return {
      resourceType: 'Condition',
      id: `c${i}`,
      subject,
      recordedDate: `2020-01-0${1 + (i % 3)}`,
    };
  });
  const app = sandboxApp(conditions);

  for (const query of ['', '&_sort=-recorded-date']) {
    it(`returns every match once over all pages${query}`, async () => {
      const seen: string[] = [];
      let next: string | undefined = `${baseUrl}/Condition?patient=p&_count=5${query}`;
      while (next) {
        const { body }: { body: Bundle } = await request(app)
          .get(next.replace(/^.*?(?=\/fhir)/, ''))
          .expect(200);
        assert.equal(body.total, 23);
        seen.push(...matchIds(body));
        next = body.link?.find((link) => link.relation === 'next')?.url;
        assert.ok(!next || next.startsWith(`${baseUrl}/Condition?`));
      }

      assert.equal(seen.length, 23);
      assert.equal(new Set(seen).size, 23);
    });
  }

  it('answers only the total for _count=0', async () => {
    const { body } = await request(app).get('/fhir/Condition?_count=0').expect(200);

    assert.equal(body.total, 23);
    assert.deepEqual(
      body.link.map((link: { relation: string }) => link.relation),
      ['self'],
    );
    assert.ok(!('entry' in body));
  });

  it('refuses to page a POST that no link can repeat, and answers it whole without _count', async () => {
    const id = [...conditions.map((c) => c.id), ...Array.from({ length: 2000 }, (_, i) => `x${i}`)];
    const post = (body: object) =>
      request(app).post('/fhir/Condition/_search').type('form').send(body);

    const whole = await post({ _id: id.join(',') }).expect(200);
    const paged = await post({ _id: id.join(','), _count: '5' }).expect(400);

    assert.equal(matchIds(whole.body).length, 23);
    assert.equal(paged.body.issue[0].code, 'too-long');
  });
});
