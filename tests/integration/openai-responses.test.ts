import { responsesVendor } from './openai-responses-vendor.ts';
import { testTransport } from './transport-contract.ts';

testTransport(responsesVendor);
