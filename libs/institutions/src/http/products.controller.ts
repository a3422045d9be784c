import { Body, Controller, Get, HttpCode, Post, Put, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type CommandContext, Context, IdParam, IfMatch, PageQuery, Requires } from '#platform';
import { InstitutionLists } from '../application/institution-lists.reader.js';
import { ManageProducts } from '../application/products.js';
import { tagged } from './etag.js';
import { ProductBody } from './requests.js';

/** What the institution offers to the public. */
@ApiTags('Institutions')
@Controller('v1/institution/products')
export class ProductsController {
  constructor(
    private readonly lists: InstitutionLists,
    private readonly products: ManageProducts,
  ) {}

  @Get()
  @Requires('institution.read')
  async list(@Context() { actor }: CommandContext, @Query() query: PageQuery) {
    return this.lists.products(actor.organisationId, query);
  }

  @Post()
  @Requires('institution.write')
  async create(@Context() context: CommandContext, @Body() body: ProductBody) {
    return this.products.create(context, body);
  }

  @Get(':productId')
  @Requires('institution.read')
  async show(
    @Context() { actor }: CommandContext,
    @IdParam('productId') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return tagged(reply, await this.lists.product(actor.organisationId, id));
  }

  @Put(':productId')
  @Requires('institution.write')
  async change(
    @Context() context: CommandContext,
    @IdParam('productId') id: string,
    @IfMatch() version: number,
    @Body() body: ProductBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return tagged(reply, await this.products.change(context, id, version, body));
  }

  @Post(':productId/publish')
  @HttpCode(200)
  @Requires('institution.write')
  async publish(@Context() context: CommandContext, @IdParam('productId') id: string) {
    return this.products.move(context, id, 'publish');
  }

  @Post(':productId/withdraw')
  @HttpCode(200)
  @Requires('institution.write')
  async withdraw(@Context() context: CommandContext, @IdParam('productId') id: string) {
    return this.products.move(context, id, 'withdraw');
  }
}
