"""Scenes of command lines that are run one after the other in a folder of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.golden import inputs

Write = Callable[[Path], None]


@dataclass(frozen=True)
class Scene:
    """lines: commands; `< FILE` gives standard input, RECEIPT stands for what the last `delete` told.
    trained, encoded: whether numbers, or digests alone, differ by machine. scripts: whether the collection of
    that name is at hand. quiet: what is printed is not held, only that it is."""

    lines: str
    inputs: tuple[Write, ...] = ()
    trained: bool = False
    scripts: bool = False
    quiet: bool = False
    encoded: bool = False
    commands: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.commands.extend(line.strip() for line in self.lines.strip().splitlines() if line.strip())


DEMO = Scene("""
    collections --json
    collections
    neighbors un-debates climate --k 5 --json
    neighbors un-debates climate --k 2
    neighbors un-debates cyberspace --space 2007-2024 --in 1970-1989 --criterion csls --json
    neighbors un-debates neutrality --in 1946-1969 2007-2024 --k 3 --json
    neighbors un-debates cyberspace --json --k 3
    neighbors un-debates cyberspace --k 3
    neighbors novels-fr guerre --k 4 --json
    neighbors un-blocs-1970-1989 liberation --space East --k 3 --json
    analogy un-debates 'war - peace + trade' --k 2 --json
""")
DRIFT = Scene("""
    drift un-debates --source 1946-1969 --target 2007-2024 --top 6 --json
    drift un-debates --source 1946-1969 --target 2007-2024 --top 4
    drift un-debates --source 1946-1969 --target 2007-2024 --measure jaccard --min-count 200 --top 4 --json
    drift un-debates --source 1970-1989 --target 1990-2006 --measure local --top 3 --k 10 --json
    drift un-debates --source 1990-2006 --target 1946-1969 --measure gonen --top 3 --min-count 500 --json
    drift un-debates --source 1946-1969 --target 1970-1989 --top 1 --json
    drift un-debates --source 1970-1989 --target 2007-2024 --top 1 --json
    drift un-debates --source 1990-2006 --target 2007-2024 --top 1 --json
    drift un-blocs-1970-1989 --source East --target West --top 3 --json
    drift un-blocs-1970-1989 --source East --target South --top 1 --json
    drift un-blocs-1970-1989 --source West --target South --top 1 --json
    drift un-debates --source 1946-1969 --target 2007-2024 --item Neutrality --json
""")
SCRIPTS = Scene(
    """
    scripts scripts --json
    scripts scripts
    scripts scripts --space before --remove lsar --json
    scripts scripts --space transliterated --by language --remove center --json
    angles scripts --json
    angles scripts --space before --by script
    layout scripts --each --json
    layout scripts --each --remove lsar --spaces before --json
    neighbors scripts 'Ελλάδα · el' --k 3 --json
    romanize < plain.txt
""",
    (inputs.write_terms,),
    scripts=True,
)
SHIPPED = Scene(
    """
    layout scripts --each --remove center --json
    layout scripts --each --remove lsar
"""
    + "".join(
        f"scripts scripts --space {stage} --by {by} --remove {removal}\n"
        for stage in ("before", "transliterated", "translated")
        for by in ("script", "language")
        for removal in ("none", "lsar", "center", "lir")
    ),
    scripts=True,
    quiet=True,
)
LAYOUT = Scene("""
    layout un-debates --json
    layout un-debates
    layout un-debates --each --json
    layout un-debates --dimensions 3 --json
    layout un-debates --dimensions 3 --each
    layout novels-en --each --json
    layout un-blocs-1970-1989 --json
    layout un-debates --around climate neutrality --size 6 --json
    layout un-debates --around cyberspace --each --spaces 1946-1969 2007-2024 --size 16
    layout un-debates --around xyzzz
""")
IMPORT = Scene(
    """
    import a.vec --into one --space en --language en --script Latn --period 1900 --json
    import a.vec --into one --space again --limit 10
    import a.vec b.vec --into two --aligned --json
    import a.vec b.vec --into two-told --space x --space y --language en --language fr
    import glove.txt --into glove --json
    import odd.vec --into odd --lower --json
    import odd.vec --into odd --space as-is
    import numbers.tsv --vocab names.txt --into numbers --json
    import c.npy --vocab names.txt --into array --float16 --json
    import d.npz --into archive --json
    import e.bin --into binary --format word2vec-binary --json
    import f.parquet --into table --json
    import g.jsonl --into lines --json
    import tensors/h.safetensors --into tensors --json
    collections
    neighbors table 東京 --k 3 --json
    neighbors two bdda --k 2 --json
    index one --json
    index table
""",
    (inputs.write_vectors,),
)
EXPORT = Scene(
    """
    import f.parquet --into mine --space s
    export mine s --format word2vec out.vec --json
    export mine s --format word2vec-binary out.bin --json
    export mine s --format projector out.tsv
    export mine s --format parquet out.parquet --json
    export mine s --format numpy out
    export un-debates 2007-2024 --format word2vec late.vec --json
""",
    (inputs.write_vectors,),
)
CATALOGUE = Scene(
    """
    import a.vec --into mine --space s --json
    describe mine --title 'My words' --description 'Of 1900.'
    describe mine --title 'My other words'
    rename mine yours
    pack yours packed.zip
    delete yours --json
    collections
    restore RECEIPT
    unpack packed.zip --into again
    delete again
    restore RECEIPT
    collections --json
    rename yours again
    delete un-debates
    delete nothing --json
    restore yours~1
    unpack a.vec --into third
    unpack packed.zip --into again
    describe mine
    describe again --title ''
""",
    (inputs.write_vectors,),
)
PERIODS = Scene(
    """
    import early.parquet late.parquet --into periods --aligned --json
    drift periods --source early --target late --top 5 --json
    drift periods --source early --target late --measure local --top 3 --json
    drift periods --source early --target late --measure jaccard --k 5 --min-count 500 --top 3 --json
    drift periods --source early --target late --measure gonen --top 3
    evaluate-drift periods --source early --target late --gold gold.txt --json
    evaluate-drift periods --source early --target late --gold gold.txt --measure jaccard
    evaluate-drift periods --source early --target late --gold graded.txt --json
    neighbors periods bbfa --space late --in early --criterion csls --k 3 --json
    neighbors periods bbfa --criterion csls --k 2
    concordance periods bbfa
    attach periods corpus.parquet
    attach periods corpus.parquet --recipe recipe.toml --json
    attach periods corpus.parquet --recipe recipe.toml
    concordance periods bbfa --limit 3 --json
    concordance periods bbfa --space late --limit 1
    concordance periods nowhere --json
    concordance periods bbfa --space never
    concordance periods bbfa --limit 0
    rename periods other
""",
    (inputs.write_periods,),
)
ENCODE = Scene(
    """
    encode texts.csv --into mine --space words --json
    encode texts.csv --into mine --space early --model before
    encode plain.txt --into mine --space lines --json
    encode texts.csv --into mine --space words --column id
    translit-gap lines.tsv --json
    translit-gap lines.tsv --model before
""",
    (inputs.write_terms,),
    encoded=True,
)
GROUPS = Scene(
    """
    import terms.parquet --into terms --json
    scripts terms --json
    scripts terms --by language --remove center --json
    scripts terms --by language --remove lir --rank 2 --seed 3
    angles terms --by language --json
    angles terms
""",
    (inputs.write_terms,),
)
ALIGN = Scene(
    """
    align left.vec right.vec --train train.txt --test test.csv --json
    align left.vec right.vec --train all.tsv --share 0.3 --seed 2
    align left.vec right.vec --train columns:3:2:three.tsv --method ridge --set ridge=4 --retrieval nn csls isf --json
    align left.vec same.vec --train identical --method vecmap-self --set patience=5
    align left.vec same.vec --train identical --method procrustes --normalize unit
    align left.vec same.vec --train unsupervised --test train.txt --method vecmap-self --set patience=2 keep=0.5 --json
    align left.vec right.vec --train all.tsv --method vecmap --save map.npz --into pair
    align left.vec right.vec --train train.txt --method refine --set rounds=2 frequent=100
    align left.vec right.vec --train all.tsv --method rcsls --set rate=25 iterations=3 --share 0.2
    align left.vec right.vec --train all.tsv --leave-out --script-filter --limit 200
    align novels-en/English novels-fr/French --train lexicon:en:fr --json
    apply-map map.npz left.vec --out moved.vec --json
    apply-map map.npz right.vec --side target --inverse --out back.vec
    apply-map shift.txt left.vec --out shifted.vec --json
    collections --json
    compare small.json --methods procrustes ridge --live live.jsonl
    compare demo.json --methods procrustes vecmap
    compare wrong.json --methods procrustes
    draw-alignment small.json --method vecmap
""",
    (inputs.write_pair, inputs.write_setups),
    encoded=True,
)
INDEX = Scene(
    """
    import many.npz --into many --json
    index many --json
    index many --space many
    neighbors many w17 --k 5 --json
""",
    (inputs.write_many,),
    trained=True,
)
BUILD = Scene(
    """
    build recipe.toml --attach --json
    build replicated.toml
    build alone.toml --json
    drift noisy --source early --target late --top 2 --json
    concordance tiny bbda --limit 1 --json
    collections --json
    layout tiny --json
    layout tiny --each --dimensions 3
""",
    (inputs.write_corpus,),
    trained=True,
)
DRAW = Scene(
    """
    compare small.json --methods vecmap
    draw-alignment small.json --method vecmap
    import terms.parquet --into terms --space s
    layout terms --each --remove center --by language --json
    layout terms --dimensions 3
    encode texts.csv --into mine --space s --model ./nowhere
""",
    (inputs.write_pair, inputs.write_setups, inputs.write_terms),
    trained=True,
)
ERRORS = Scene(
    """
    neighbors un-debate climate
    neighbors ../four climate
    neighbors un-debates climat3
    neighbors un-debates climate --space 1066
    neighbors un-debates climate --in 1066
    neighbors un-debates cyberspace --space 1946-1969
    neighbors un-debates climate --k 0
    neighbors un-debates climate --k x
    neighbors un-debates climate --k 100000
    neighbors un-debates climate --criterion best
    neighbors un-debates
    nonsense
    drift un-debates --source 1946-1969 --target 1066
    drift un-debates --source 1946-1969 --target 1946-1969
    drift un-debates --source 1946-1969 --target 2007-2024 --measure euclid
    drift un-debates --source 1946-1969 --target 2007-2024 --k 0
    drift un-debates --source 1946-1969 --target 2007-2024 --top 0
    drift novels-en --source English --target French
    drift un-debates --source 1946-1969
    evaluate-drift un-debates --source 1946-1969 --target 2007-2024 --gold nowhere.txt
    evaluate-drift un-debates --source 1946-1969 --target 2007-2024 --gold a.vec
    scripts un-debates --json
    scripts un-debates --by dialect
    scripts un-debates --space never
    angles novels-en
    encode nowhere.csv --into mine --space s
    encode f.parquet --into mine --space s --column vector
    encode names.txt --into 'My Own' --space s
    translit-gap nowhere.tsv
    translit-gap numbers.tsv
    import nowhere.vec --into mine
    import a.vec --into ../mine
    import a.vec --into un-debates
    import a.vec --into mine --limit 0
    import a.vec --into mine --format best
    import c.npy --into mine
    import numbers.tsv --into mine --format projector
    import names.txt --into mine
    import a.vec b.vec --into mine --space one
    import a.vec b.vec --into mine --language en --language fr --language de
    import b.vec a.vec odd.vec --into mine --aligned
    export un-debates never --format word2vec out.vec
    export never s --format word2vec out.vec
    export un-debates 2007-2024 --format best out.vec
    attach never names.txt
    attach novels-en f.parquet
    concordance never word
    concordance un-debates word
    index never
    align left.vec nowhere.vec --train all.tsv
    align left.vec right.vec --train nowhere.txt
    align left.vec right.vec --train all.tsv --method best
    align left.vec right.vec --train all.tsv --set speed=1
    align left.vec right.vec --train all.tsv --set rounds=many
    align left.vec right.vec --train all.tsv --share 2
    align left.vec right.vec --train all.tsv --limit 0
    align left.vec right.vec --train all.tsv --normalize unit,twice
    align left.vec right.vec --train all.tsv --retrieval best
    align left.vec right.vec --train lexicon:en
    align left.vec right.vec --train lexicon:en:tlh
    align left.vec right.vec --train columns:1:1:three.tsv
    align left.vec right.vec --train columns:1:9:three.tsv
    align left.vec right.vec --train unsupervised
    align left.vec left.vec --train identical
    align left.vec a.vec --train identical
    align left.vec right.vec --train names.txt
    align left.vec right.vec
    apply-map nowhere.npz left.vec --out moved.vec
    apply-map a.vec left.vec --out moved.vec
    apply-map shift.txt a.vec --out moved.vec
    build none.toml
    build names.txt
    layout never
    layout un-debates --spaces 1066
    layout un-debates --dimensions 4
    layout novels-en --spaces English French
    pack never out.zip
    unpack nowhere.zip --into mine
    unpack nowhere.zip --into third
    rename un-debates other
    describe un-debates --title Other
    restore never
    serve --port x
""",
    (inputs.write_vectors, inputs.write_pair),
)
RECIPES = Scene(
    """
    build bad-0.toml
    build bad-1.toml
    build bad-2.toml
    build bad-3.toml
    build bad-4.toml
    build bad-5.toml
    build bad-6.toml
    build bad-7.toml
    build bad-8.toml
    build bad-9.toml
""",
    (inputs.write_corpus, inputs.write_wrong_recipes),
)

SCENES = {
    "demo": DEMO,
    "drift": DRIFT,
    "scripts": SCRIPTS,
    "shipped": SHIPPED,
    "layout": LAYOUT,
    "import": IMPORT,
    "export": EXPORT,
    "catalogue": CATALOGUE,
    "periods": PERIODS,
    "encode": ENCODE,
    "groups": GROUPS,
    "align": ALIGN,
    "errors": ERRORS,
    "recipes": RECIPES,
}
LONG = {"index": INDEX, "build": BUILD, "draw": DRAW}
