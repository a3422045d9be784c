import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { errorCatalogue, Public } from '#platform';

/** What a programmer reads first. */
@ApiTags('Reference')
@Controller()
export class ReferenceController {
  /** Every refusal this API may give, with its meaning and the way out. */
  @Get('v1/errors')
  @Public()
  errors() {
    return { items: errorCatalogue(), nextCursor: null };
  }
}
