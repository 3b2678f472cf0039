# One image for every part of the service; the command chooses the door:
#   docker run tuzet web | worker | scheduler | migrate | doctor
# Python is the version that the tests run on. No Node: the built snippet is committed.
ARG PYTHON=python:3.11.14-slim-bookworm

FROM ${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
# The packages change seldom and the code often: two layers.
COPY requirements/runtime.txt requirements/build.txt requirements/
RUN python -m venv /srv/tuzet \
    && /srv/tuzet/bin/pip install --require-hashes -r requirements/runtime.txt \
    && python -m venv /srv/build \
    && /srv/build/bin/pip install --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY core core
COPY service service
COPY worker worker
RUN /srv/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /srv/wheel . \
    && /srv/tuzet/bin/pip install --no-deps /srv/wheel/tuzet-*.whl \
    && /srv/tuzet/bin/python -m compileall -q /srv/tuzet/lib \
    && /srv/tuzet/bin/pip uninstall --yes pip setuptools

FROM ${PYTHON}
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin tuzet \
    && install -d -o tuzet -g tuzet -m 0700 /var/lib/tuzet
COPY --from=build /srv/tuzet /srv/tuzet
ENV PATH=/srv/tuzet/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    TUZET_DATA_DIR=/var/lib/tuzet
USER tuzet
WORKDIR /var/lib/tuzet
VOLUME /var/lib/tuzet
EXPOSE 8000
ENTRYPOINT ["tuzet"]
CMD ["web", "--host", "0.0.0.0", "--port", "8000"]
