// The routines of LAPACK 3 that calibration uses, as gfortran exports them: every argument by
// reference, matrices column by column, and after the last argument the length of each text.
#ifndef CYC_CLAPACK_H
#define CYC_CLAPACK_H

#include <stddef.h>

// Singular values and vectors by divide and conquer.
void dgesdd_(const char *jobz, const int *m, const int *n, double *a, const int *lda, double *s,
             double *u, const int *ldu, double *vt, const int *ldvt, double *work,
             const int *lwork, int *iwork, int *info, size_t jobz_length);

// Least squares of any rank by singular values.
void dgelsd_(const int *m, const int *n, const int *nrhs, double *a, const int *lda, double *b,
             const int *ldb, double *s, const double *rcond, int *rank, double *work,
             const int *lwork, int *iwork, int *info);

// Cholesky: solves with a symmetric positive definite matrix.
void dposv_(const char *uplo, const int *n, const int *nrhs, double *a, const int *lda,
            double *b, const int *ldb, int *info, size_t uplo_length);

// Eigenvalues and vectors of a symmetric matrix.
void dsyev_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda,
            double *w, double *work, const int *lwork, int *info, size_t jobz_length,
            size_t uplo_length);

#endif
