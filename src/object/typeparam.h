/* Type parameters and aliases: TypeVar, ParamSpec, TypeVarTuple, TypeAliasType, Generic, NoDefault (PEP 695, 696).
 *
 * What the module typing does with them (substitution, checks, Union, Unpack) is Python code of the library and called by name. */
#ifndef WEFT_OBJECT_TYPEPARAM_H
#define WEFT_OBJECT_TYPEPARAM_H

#include "object/object.h"

extern Type typevar_type, paramspec_type, typevartuple_type, paramspec_args_type, paramspec_kwargs_type;
extern Type type_alias_type, generic_type, no_default_type, constevaluator_type;
extern Object no_default_object; /* typing.NoDefault; immortal */
#define NO_DEFAULT OWN(&no_default_object)

typedef enum { TYPEPARAM_VAR, TYPEPARAM_SPEC, TYPEPARAM_TUPLE } TypingParamKind;

/* What `def f[X: bound]` makes: variance is inferred. evaluate is a function that gives the bound (constraints: a tuple of
 * constraints) when called with a format, or NO_VALUE. own: ret new */
NODISCARD Own typeparam_new(TypingParamKind kind, Value name, Value evaluate, bool constraints);
/* def f[X = default]: sets the function that gives it, in a parameter just made. */
void typeparam_set_default(Value param, Value evaluate);
/* `type Name[params] = value`; params a tuple or None, evaluate gives the value. own: ret new */
NODISCARD Own typealias_new(Value name, Value params, Value evaluate);
/* Generic[params], the base of `class C[params]`. own: ret new */
NODISCARD Own generic_subscript(Value params);
NODISCARD int typeparams_ready(void); /* at start-up. fail: -1 */

#endif
