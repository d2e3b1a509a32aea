import type { ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/internal';
import type { FastifyRequest } from 'fastify';
import { unknownField, wrongFields } from './wrong-fields.ts';

/** Refuses query fields at a route that declares none with `@Query`; where one does, `validation` refuses those that it does not know. */
export function refuseUnknownQuery(context: ExecutionContext): void {
  const declared: object = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) ?? {};
  if (Object.keys(declared).some((key) => key.startsWith(`${RouteParamtypes.QUERY}:`))) return;
  const fields = Object.keys(context.switchToHttp().getRequest<FastifyRequest>().query as object);
  if (fields.length > 0) throw wrongFields(fields.map(unknownField));
}
