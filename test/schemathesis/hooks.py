"""What schemathesis does beside its own: zips that are packages, and a look at answers from 500 on."""

import os
from pathlib import Path

import schemathesis
from hypothesis import strategies as st

PACKAGE = Path(os.environ["OMPS_EXAMPLE_ZIP"]).read_bytes()

schemathesis.openapi.media_type("application/zip", st.one_of(st.just(PACKAGE), st.binary(max_size=2000)))


@schemathesis.check
def no_failure(ctx, response, case):
    """Nothing fails here: only that a release is there already is an answer from 500 on, as old clients expect it."""
    if response.status_code < 500:
        return
    body = response.json()
    refusal = body.get("quay_response", {}).get("error", {}).get("code")
    if body.get("error") != "QuayCourierError" or refusal != "package-exists":
        raise AssertionError(f"{response.status_code} {body}")
