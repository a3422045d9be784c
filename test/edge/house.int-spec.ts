import { castOf } from './house/cast.js';
import { EdgeHouse } from './house/edge-house.js';
it('opens', async () => {
  const house = await EdgeHouse.open();
  const t = Date.now();
  const cast = await castOf(house);
  console.log(Date.now() - t, Object.keys(cast));
  console.log((await house.call(cast.expired, 'GET', '/v1/session')).text);
  console.log((await house.call(cast.suspended.signatory, 'GET', '/v1/requests')).text);
  console.log((await house.call(cast.sme.signatory, 'GET', '/v1/session')).text);
  await house.close();
}, 60000);
