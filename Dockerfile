# nalssi with its locked dependencies. The warehouse is a volume:
#
#   docker build --tag nalssi .
#   docker run --rm --volume "$PWD/weather:/weather" nalssi run
#
# Built by nobody yet: the machines that develop nalssi have no Docker. hadolint checks this file.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/nalssi \
    && /opt/nalssi/bin/pip install --no-cache-dir --require-hashes --requirement requirements.lock
COPY . .
RUN /opt/nalssi/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --create-home --uid 1000 nalssi \
    && install --directory --owner nalssi /weather
COPY --from=build /opt/nalssi /opt/nalssi
ENV PATH=/opt/nalssi/bin:$PATH \
    NALSSI_WAREHOUSE=/weather
USER 1000
WORKDIR /weather
VOLUME /weather
ENTRYPOINT ["nalssi"]
CMD ["--help"]
