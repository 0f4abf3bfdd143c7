/* The syntax tree: what the parser makes, the compiler reads, and the `ast` module converts to
   Python objects and back.

   The nodes are declared in ast.def, with CPython's names. This file holds the leaf types by hand
   and includes the generated rest (ast.gen.h): for each sum of nodes a struct with a kind and a
   union,

       if (e->kind == EXPR_BIN_OP && e->BinOp.op == OPERATOR_ADD)
           visit(e->BinOp.left);
       for (int i = 0; i < s->If.body.count; i++)
           visit_stmt(s->If.body.items[i]);

   a constructor for each node, `expr_bin_op(arena, pos, left, op, right)`, which gives NULL when
   memory ran out, and tables (ast_types, ast_nodes) by which generic code walks and builds any
   node.

   Positions are CPython's: lines from 1, columns in UTF-8 bytes from 0, ends exclusive.
   A tree lives in one arena together with its names and texts. Threading: none; once built it may
   be read by any thread. */
#ifndef WEFT_SOURCE_AST_H
#define WEFT_SOURCE_AST_H

#include "base/arena.h"

/* An identifier: NFKC-normalised UTF-8. One parse makes one Name for one spelling (source/names.h),
   so names of the same tree are equal if and only if their pointers are. */
typedef struct Name {
    uint32_t hash;
    uint32_t len;
    char text[]; /* `len` bytes and a zero byte */
} Name;

/* Some text that is not an identifier: a type comment, the kind of a string constant. UTF-8. */
typedef struct Text {
    const char *text; /* `len` bytes and a zero byte */
    size_t len;
} Text;

typedef enum ConstKind {
    CONST_NONE = 1,
    CONST_TRUE,
    CONST_FALSE,
    CONST_ELLIPSIS,
    CONST_INT,     /* never negative: `small` when `fits`, else `text`, its digits in `base` */
    CONST_FLOAT,   /* `number` */
    CONST_COMPLEX, /* `number` is the imaginary part; the real part is zero */
    CONST_STR,     /* `text`: UTF-8 in which lone surrogates may stand, as three bytes each */
    CONST_BYTES,   /* `text` */
    CONST_OBJECT,  /* `object`: whatever the maker of a tree outside the parser put there */
} ConstKind;

typedef struct Const {
    uint8_t kind; /* a ConstKind */
    uint8_t base; /* 2, 8, 10 or 16 */
    bool fits;    /* the int is at most INT64_MAX */
    uint32_t len; /* of `text`, which has a zero byte behind it */
    union {
        const char *text;
        int64_t small;
        double number;
        void *object;
    };
} Const;

typedef struct Pos {
    int lineno, col_offset, end_lineno, end_col_offset;
} Pos;

/* How generic code sees any sequence field; `items` points to node pointers, names or enum values.
 */
typedef struct AstSeq {
    void *items;
    int count;
} AstSeq;

typedef enum AstForm {
    AST_LEAF = 1, /* identifier, string, constant, int: no node of ours */
    AST_ENUM,     /* stored as a C enum: values from 1, node `first_node + value - 1` */
    AST_SUM,      /* a struct with its kind (an int, from 1) at offset 0, same rule */
    AST_RECORD,   /* a struct; `first_node` is its only node */
} AstForm;

typedef enum AstCard {
    AST_ONE,
    AST_OPT,
    AST_SEQ,
    AST_SEQ_OPT, /* a sequence with holes (0) in it */
} AstCard;

typedef struct AstField {
    const char *name;
    uint8_t type; /* an AstTypeId */
    uint8_t card; /* an AstCard */
    uint16_t offset;
} AstField;

typedef struct AstNode {
    const char *name;
    const char *doc;        /* its grammar rule, as in "Return(expr? value)" */
    const AstField *fields; /* `count` of them */
    uint8_t count;
    uint8_t type; /* the AstTypeId it belongs to */
} AstNode;

typedef struct AstTypeInfo {
    const char *name;
    const char *doc; /* its grammar rule with all its nodes; 0 for leaves and records */
    uint8_t form;    /* an AstForm */
    bool has_pos;    /* has a Pos, at offset `pos_offset` */
    uint8_t pos_offset;
    uint8_t node_count;
    uint16_t first_node; /* index in ast_nodes */
    uint16_t size;       /* of the C struct; of the enum */
} AstTypeInfo;

#include "source/ast.gen.h"

#endif
