import { anthropicVendor } from './anthropic-vendor.ts';
import { testTransport } from './transport-contract.ts';

testTransport(anthropicVendor);
