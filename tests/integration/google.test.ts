import { googleVendor } from './google-vendor.ts';
import { testTransport } from './transport-contract.ts';

testTransport(googleVendor);
