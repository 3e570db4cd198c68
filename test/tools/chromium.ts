import { globSync } from "node:fs";
import { dirname, join } from "node:path";
import { debianPackages } from "./debian.ts";

/** Chromium without a window, and the libraries and the font that it needs, by the names of Debian 12. */
const PACKAGES = `
  chromium-headless-shell chromium-common fonts-dejavu-core libasound2 libasyncns0 libatk1.0-0 libatspi2.0-0
  libbrotli1 libbsd0 libdav1d6 libdouble-conversion3 libdrm2 libexpat1 libffi8 libflac12 libfontconfig1
  libfreetype6 libgbm1 libglib2.0-0 libgraphite2-3 libharfbuzz-subset0 libharfbuzz0b libjpeg62-turbo
  liblcms2-2 libminizip1 libmp3lame0 libmpg123-0 libnspr4 libnss3 libogg0 libopenh264-7 libopenjp2-7
  libopus0 libpcre2-8-0 libpng16-16 libpulse0 libsndfile1 libvorbis0a libvorbisenc2 libwayland-server0
  libx11-6 libx11-xcb1 libxau6 libxcb1 libxcomposite1 libxdamage1 libxdmcp6 libxext6 libxfixes3 libxi6
  libxkbcommon0 libxnvctrl0 libxrandr2 libxrender1 libdbus-1-3 libsystemd0 libudev1 libcap2 liblz4-1 libmd0
`
  .trim()
  .split(/\s+/);

/** How Chromium is started. */
export interface ChromiumFiles {
  readonly program: string;
  /** Variables that lead it to its libraries and fonts. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Gives Chromium as this Debian has it; its first call downloads it, some 110 MB.
 *
 * @throws Error with what apt said
 */
export async function chromiumFiles(): Promise<ChromiumFiles> {
  const place = await debianPackages("chromium", PACKAGES);
  const libraries = globSync("{lib,usr/lib}/**/*.so{,.*}", { cwd: place })
    .map((path) => dirname(path))
    // Chromium finds its own, and they are for no other program.
    .filter((folder) => !folder.endsWith("/chromium"))
    .map((folder) => join(place, folder));
  return {
    program: join(place, "usr/lib/chromium/chromium-headless-shell"),
    environment: {
      LD_LIBRARY_PATH: [...new Set(libraries)].join(":"),
      // Where the machine has no fonts, those of the packages are found here.
      XDG_DATA_HOME: join(place, "usr/share"),
    },
  };
}
