/**
 * An event log in Redis Streams, for runs that are read through several hosts.
 *
 * @module
 */
export type {
  IoRedisClient,
  IoRedisDuplicate,
  NodeRedisClient,
  NodeRedisDuplicate,
  RedisClient,
} from './redis-client.ts';
export { redisEventLog, type RedisEventLog, type RedisEventLogOptions } from './redis-event-log.ts';
export type { RedisLimits } from './redis-limits.ts';
