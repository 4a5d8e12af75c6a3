"""What the engine refuses of layers, series, functions and measures, in the office's words."""

from manglar.foundation.sentences import sayable

#: Pattern of the engine's own sentence → ours; {rows} names the records, {what} is what the engine said.
LAYER_SENTENCES: tuple[tuple[str, str], ...] = (
    (
        r"does not say its coordinate system|coordinate system is not stated|does not say its crs",
        sayable(
            "El archivo no dice su sistema de coordenadas: escríbalo (por ejemplo EPSG:32617) o asígnelo en el archivo. No se supone ninguno."
        ),
    ),
    (
        r"coordinate system .* is not known",
        sayable("No se conoce ese sistema de coordenadas ({what}): use autoridad y código, como EPSG:32617."),
    ),
    (
        r"neither in degrees nor a plane in metres",
        sayable("Ese sistema de coordenadas no está en grados ni en metros: proyecte el archivo a UTM o a EPSG:4326."),
    ),
    (
        r" is in .* and .* was asked for|is not in EPSG",
        sayable("El sistema de coordenadas que escribió no es el del archivo ({what}): corrija uno de los dos."),
    ),
    (r"says its unit is", sayable("La unidad que escribió no es la del archivo ({what}): corrija una de las dos.")),
    (
        r"does not say its unit",
        sayable("El archivo no dice su unidad: escríbala (por ejemplo m). No se supone ninguna."),
    ),
    (
        r"does not say its (currency|price_year)",
        sayable("El archivo no dice la moneda o el año de sus valores: escríbalos. No se suponen."),
    ),
    (r"is rotated", sayable("El mapa está girado: guárdelo con el norte hacia arriba (gdalwarp).")),
    (r"holds infinite values", sayable("El mapa tiene valores infinitos: escriba «sin dato» donde no se sabe.")),
    (
        r"cannot be read as a raster",
        sayable("Uno de los archivos no se puede leer como mapa ({what}): expórtelo como GeoTIFF."),
    ),
    (
        r"cannot be read as a stack",
        sayable("El archivo no se puede leer como pila de capas: guárdelo como NetCDF 4 o Zarr."),
    ),
    (r"has no variable", sayable("La pila no tiene esa variable ({what}): escriba una de las que trae.")),
    (
        r"has dimensions",
        sayable(
            "La variable no tiene las dimensiones que hacen falta ({what}): una de capas con su coordenada, y (lat) y x (lon)."
        ),
    ),
    (
        r"not evenly spaced",
        sayable("Las celdas del mapa no son todas iguales: vuelva a muestrearlo en una rejilla pareja."),
    ),
    (
        r"maps differ from",
        sayable(
            "Los mapas no tienen la misma rejilla, sistema de coordenadas o unidad: {rows}. Llévelos a las mismas celdas (gdalwarp)."
        ),
    ),
    (
        r"a longer period has less than a shorter one",
        sayable(
            "Hay lugares donde un período más largo trae menos que uno más corto: {rows}. Corrija los mapas, o elija levantar el más largo hasta el más corto."
        ),
    ),
    (
        r"return periods must be years|is not a return period",
        sayable("Los períodos de retorno son años mayores que cero y crecientes ({what})."),
    ),
    (
        r"no cell has a datum in every map",
        sayable(
            "Ninguna celda tiene dato en todos los mapas: revise el «sin dato», o diga que vale por «no pasa nada»."
        ),
    ),
    (
        r"points lie outside the maps",
        sayable("Hay activos fuera de los mapas: {rows}. Amplíe los mapas o elija otros territorios."),
    ),
    (
        r"farther than|too far from",
        sayable(
            "Hay activos demasiado lejos de todo lugar con intensidad: {rows}. Suba «settings.max_distance_m» o revise sus coordenadas."
        ),
    ),
    (
        r"names (event|site) ids that its table lacks",
        sayable("La tabla de huellas nombra sucesos o sitios que no están en la suya: {rows}."),
    ),
    (
        r"(event|site|asset) .*repeated|ids? (is|are) repeated",
        sayable("Hay identificadores repetidos: {rows}. Déjelos una vez cada uno."),
    ),
    (
        r"frequenc",
        sayable(
            "Las frecuencias de los sucesos no sirven ({what}): {rows}. Son veces al año, mayores que cero, y se dice su unidad."
        ),
    ),
    (
        r"annual maxima have one value a year",
        sayable(
            "Los máximos anuales son uno por año y hay años con más: {rows}. Regístrelos como picos sobre un umbral."
        ),
    ),
    (
        r"return levels|monthly or annual means|means carry",
        sayable(
            "Son medias, no extremos: de medias mensuales o anuales no salen niveles de retorno. Use máximos anuales o picos sobre un umbral del mismo mareógrafo."
        ),
    ),
    (
        r"peaks that do not exceed the threshold",
        sayable(
            "Hay picos que no pasan del umbral que escribió: {rows}. Escriba el umbral con el que se tomaron, en la unidad de la columna."
        ),
    ),
    (r"years that are not whole", sayable("Hay años que no son enteros o con más días de los que tienen: {rows}.")),
    (r"disagree on observed_days", sayable("Hay filas del mismo año con otros días observados: {rows}.")),
    (r"the unit .* is not known", sayable("No se conoce esa unidad: use mm, cm o m.")),
    (
        r"the (datum|source) of the series is blank",
        sayable("Falta decir desde qué plano se miden los niveles, o quién publica la serie. No se supone."),
    ),
    (r"too few", sayable("Hay muy pocos datos para contestar con alguna firmeza ({what}).")),
    (
        r"events whose date, precision",
        sayable(
            "Hay sucesos con fecha, precisión, amenaza o fuente que no se entienden: {rows}. La fecha es AAAA, AAAA-MM o AAAA-MM-DD, con su precisión (day, month, year o approx) y su fuente."
        ),
    ),
    (r"events are repeated", sayable("Hay sucesos repetidos: {rows}. Escriba cada uno una vez.")),
    (r"no completeness window", sayable("Falta decir en qué años se habría anotado un suceso así, y por qué se cree.")),
    (
        r"windows overlap",
        sayable(
            "Hay ventanas que se montan una sobre otra: {rows}. Junte las dos o recorte una: los días contarían dos veces."
        ),
    ),
    (
        r"a territory has no window",
        sayable("Hay territorios sin ventana de registro: {rows}. Diga desde cuándo se anota ahí."),
    ),
    (r"windows name territories", sayable("Una ventana nombra territorios que no están en el estudio: {rows}.")),
    (
        r"no function|without a function|has no impact function|lacks? .*function",
        sayable(
            "Faltan funciones de impacto: {rows} ({what}). Elija para cada clase de activo una función de esa amenaza y unidad."
        ),
    ),
    (
        r"say other texts than its first",
        sayable("Las filas de una misma función dicen cosas distintas: {rows}. Repita los mismos textos en todas."),
    ),
    (
        r"has (low|high) in some rows only",
        sayable("Una función trae límites solo en algunas filas: {rows}. Llénelos todos o ninguno."),
    ),
    (
        r"prices are of",
        sayable(
            "Los precios de una medida son de otro año que los valores ({what}): diga cuánto vale ahora un balboa de entonces y quién lo dice (un índice de precios)."
        ),
    ),
    (
        r"the cost is in .* and the assets in",
        sayable(
            "El costo de una medida y los valores de los activos son de años distintos ({what}): diga cuánto vale en el año de los valores un balboa del año del costo, y quién lo dice."
        ),
    ),
    (
        r"reaches no asset|that no asset has",
        sayable("Una medida no alcanza ningún activo de la corrida: {rows}. Amplíe su selección."),
    ),
    (r"no figure", sayable("Esa medida de la biblioteca no trae cifra de efecto o de costo ({rows}): elija otra.")),
    (r"starts? outside the horizon|outside the horizon", sayable("Una medida empieza fuera del horizonte: {rows}.")),
    (
        r"not evaluated over hazards that hit together",
        sayable(
            "No se evalúan medidas sobre amenazas que golpean en el mismo suceso: dé a cada una sus propios sucesos, o quite las medidas."
        ),
    ),
    (r"has no column", sayable("A la tabla le falta la columna «{column}»: agréguela con ese nombre en el encabezado.")),
    (
        r"not a number",
        sayable(
            "Hay celdas que no son números ({what}): {rows}. Escriba números con punto decimal y sin separador de miles."
        ),
    ),
    (r"is blank", sayable("Hay celdas vacías que hacen falta ({what}): {rows}.")),
    (
        r"is not a CSV table|holds no rows|another number of cells|repeats a column",
        sayable("La tabla no se puede leer ({what}), filas: {rows}. Guárdela como CSV UTF-8 con su encabezado."),
    ),
    (r"negative", sayable("Hay valores negativos donde no pueden serlo ({what}): {rows}.")),
)
